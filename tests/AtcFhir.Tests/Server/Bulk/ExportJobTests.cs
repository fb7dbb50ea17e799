using AtcFhir.Server.Bulk;
using Microsoft.Extensions.DependencyInjection;
using static AtcFhir.Tests.Server.Bulk.ExportRequests;
using static AtcFhir.Tests.Server.Fhir.Resources;

namespace AtcFhir.Tests.Server.Bulk;

/// <summary>What becomes of a job: cancelled, or found after a restart. Under Validation:OnWrite=Enforce.</summary>
public class ExportJobTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private ServerApp App => server.App;

    [Fact]
    public async Task SaysHowFarItIsAndIsGoneWhenCancelled()
    {
        var kickOff = await App.Get("$export?_type=Patient", Async);
        Assert.Equal(202, kickOff.Status);
        var status = PathOf(kickOff);

        await Done(App, status);
        Assert.Equal(202, (await App.Delete(status)).Status);
        (await App.Get(status)).Refuses(404, "not-found");
    }

    /// <summary>In the moment in which it is done, too, when the job is about to be put aside.</summary>
    [Fact]
    public async Task AJobThatIsCancelledAsItEndsIsGone()
    {
        for (var number = 0; number < 100; number++)
        {
            var status = PathOf(await App.Get("$export?_type=Basic", Async));
            while ((await App.Get(status)).Status == 202)
            {
            }

            Assert.Equal(202, (await App.Delete(status)).Status);
            (await App.Get(status)).Refuses(404, "not-found");
        }

        var folder = App.Services.GetRequiredService<BulkJobs>().Folder;
        Assert.DoesNotContain(folder.All(), job => job.Request.EndsWith("_type=Basic", StringComparison.Ordinal));
    }

    [Fact]
    public async Task GoesOnFromTheLastPageAfterARestart()
    {
        await using var app = await ServerApp.OfPlainStudy().Ready();
        await app.Put("Patient/resumed", Patient("resumed"));
        await app.Put("Practitioner/resumed", """{"resourceType":"Practitioner","id":"resumed"}""");
        var jobs = app.Services.GetRequiredService<BulkJobs>();
        var order = new ExportOrder(await app.Endpoint.Store.LastSeq(TestContext.Current.CancellationToken), ["Patient", "Practitioner"], null, [], [], "", null, TypeIndex: 1);
        var job = Job("resumed", order) with { Output = [new BulkFile("Patient", "Patient.1.ndjson", 1, 5)] };
        // The step after the saved one had written more than the state tells of.
        await File.WriteAllTextAsync(jobs.Folder.PathOf("resumed", "Patient.1.ndjson"), "{..}\nhalf a li", TestContext.Current.CancellationToken);

        Assert.True(jobs.Start(job).Succeeded);
        var manifest = await Done(app, "/fhir/$job/resumed");

        Assert.Equal(["Patient", "Practitioner"], manifest["output"]!.AsArray().Select(file => (string?)file!["type"]));
    }

    /// <summary>A directory in the place of its state stands for a disk that takes nothing.</summary>
    [Fact]
    public async Task AJobWhoseFailureCannotBeWrittenStopsNoOther()
    {
        using var folder = new TempFolder();
        var jobs = new JobFolder(folder.Path);
        await File.WriteAllTextAsync(jobs.PathOf("blocked", JobFolder.InputName), Patient("blocked"), TestContext.Current.CancellationToken);
        jobs.Save(ImportJob("blocked"));
        Directory.CreateDirectory(jobs.PathOf("blocked", "job.json.new"));
        await using var app = await ServerApp.OfPlainStudy("Bulk:Folder=" + folder.Path).Ready();

        await Done(app, PathOf(await app.Get("$export?_type=Patient", Async)));

        (await app.Get("$job/blocked")).Refuses(500, "exception");
        Assert.Equal(202, (await app.Delete("$job/blocked")).Status);
        (await app.Get("$job/blocked")).Refuses(404, "not-found");
    }

    [Theory]
    [InlineData(28, true)]
    [InlineData(122, true)]
    [InlineData(unchecked((int)0x80070070), true)]
    [InlineData(13, false)]
    [InlineData(104, false)]
    public void AFullDiskIsToldFromOtherFaults(int code, bool isFull)
    {
        Assert.Equal(isFull, DiskFull.Is(new IOException("", code)));
        Assert.False(DiskFull.Is(new InvalidOperationException { HResult = code }));
    }

    [Fact]
    public async Task AJobThatWaitedGoesOnWhenTheServerStarts()
    {
        using var folder = new TempFolder();
        var job = ImportJob("waited");
        var jobs = new JobFolder(folder.Path);
        await File.WriteAllTextAsync(jobs.PathOf("waited", JobFolder.InputName), Patient("waited"), TestContext.Current.CancellationToken);
        jobs.Save(job);
        await using var app = ServerApp.OfPlainStudy("Bulk:Folder=" + folder.Path);

        await Done(app, "/fhir/$job/waited");

        Assert.Equal(200, (await app.Get("Patient/waited")).Status);
    }
}
