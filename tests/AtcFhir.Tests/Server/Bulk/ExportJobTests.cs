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
