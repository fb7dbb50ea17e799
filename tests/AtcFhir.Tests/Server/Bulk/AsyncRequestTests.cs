using System.Text.Json.Nodes;
using AtcFhir.Server.Bulk;
using Microsoft.Extensions.DependencyInjection;
using static AtcFhir.Tests.Server.Fhir.Resources;

namespace AtcFhir.Tests.Server.Bulk;

/// <summary>Under Validation:OnWrite=Enforce.</summary>
public class AsyncRequestTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private static readonly (string, string) Async = ("Prefer", "respond-async");

    private ServerApp App => server.App;

    [Theory]
    [InlineData("Patient?family=Patient-async&_id=async-1")]
    [InlineData("Patient/async-1/_history")]
    [InlineData("Patient/async-1/$everything")]
    [InlineData("_history?_count=1")]
    public async Task TheManifestLeadsToWhatTheRequestWouldHaveAnswered(string path)
    {
        await App.Put("Patient/async-1", Patient("async-1", "Patient-async"));
        var expected = await App.Get(path);

        var kickOff = await App.Get(path, Async);
        var manifest = (await Ended(kickOff)).Json;

        Assert.Equal("http://localhost/fhir/" + path, (string?)manifest["request"]);
        Assert.Empty(manifest["error"]!.AsArray());
        var answer = await Output(manifest);
        Assert.Equal("Bundle", (string?)manifest["output"]![0]!["type"]);
        Assert.Equal(expected.Json["entry"]!.ToJsonString(), answer["entry"]!.ToJsonString());
    }

    [Fact]
    public async Task ABatchIsCarriedOut()
    {
        var batch = """{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"PUT","url":"Patient/async-2"},"resource":{"resourceType":"Patient","id":"async-2"}}]}""";

        var manifest = (await Ended(await App.Post("", batch, Async))).Json;

        Assert.StartsWith("201", (string?)(await Output(manifest))["entry"]![0]!["response"]!["status"], StringComparison.Ordinal);
        Assert.Equal(200, (await App.Get("Patient/async-2")).Status);
    }

    [Fact]
    public async Task LargeTransactionsThatWaitTogetherStayWhatTheyWere()
    {
        var texts = Enumerable.Range(0, 12).Select(number => new string((char)('a' + number), 120_000)).ToList();
        var kickOffs = new List<Reply>();
        foreach (var (number, text) in texts.Index())
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"async-large-{number}");
            var entry = Entry("PUT", "Patient/" + id, $$"""{"resourceType":"Patient","id":"{{id}}","name":[{"text":"{{text}}"}]}""");
            kickOffs.Add(await App.Post("", Bundle("transaction", entry), Async));
        }

        foreach (var (number, kickOff) in kickOffs.Index())
        {
            await Ended(kickOff);
            Assert.Equal(texts[number], (string?)(await App.Get(string.Create(CultureInfo.InvariantCulture, $"Patient/async-large-{number}"))).Json["name"]![0]!["text"]);
        }
    }

    [Fact]
    public async Task ReindexAnswersAtOnceAndReportsLater()
        => Assert.Equal("OperationOutcome", (string?)(await Output((await Ended(await App.Post("$reindex", "", Async))).Json))["resourceType"]);

    [Fact]
    public async Task WhatIsRefusedIsRefusedAtItsStatus()
    {
        (await Ended(await App.Get("Patient?nonsense=1", ("Prefer", "respond-async, handling=strict")))).Refuses(400, "not-supported");
        (await Ended(await App.Get("Patient/async-none/$everything", Async))).Refuses(404, "not-found");
    }

    [Fact]
    public async Task ReadsAndSingleWritesAreAnsweredAsEver()
    {
        Assert.Equal(201, (await App.Post("Patient", Patient(), Async)).Status);
        Assert.Equal(200, (await App.Get("metadata", Async)).Status);
    }

    [Fact]
    public async Task ItIsGoneWhenCancelled()
    {
        var kickOff = await App.Get("Patient", Async);
        await Ended(kickOff);

        Assert.Equal(202, (await App.Delete(PathOf(kickOff))).Status);

        (await App.Get(PathOf(kickOff))).Refuses(404, "not-found");
    }

    [Fact]
    public async Task ARequestThatARestartInterruptedHasFailed()
    {
        using var folder = new TempFolder();
        new JobFolder(folder.Path).Save(new BulkJob
        {
            Id = "interrupted",
            Kind = JobKind.Request,
            Actor = "local",
            RequestId = "r",
            Request = "http://localhost/fhir/Patient",
            BaseUrl = "http://localhost/fhir",
            TransactionTime = DateTimeOffset.UnixEpoch,
        });
        await using var app = await ServerApp.OfPlainStudy("Bulk:Folder=" + folder.Path).Ready();
        await app.Services.GetRequiredService<BulkJobs>().Ended("interrupted", TestContext.Current.CancellationToken);

        var status = await app.Get("$job/interrupted");
        for (; status.Status == 202; status = await app.Get("$job/interrupted"))
        {
            await Task.Yield();
        }

        status.Refuses(500, "exception");
    }

    private async Task<Reply> Ended(Reply kickOff)
    {
        Assert.Equal(202, kickOff.Status);
        await App.Services.GetRequiredService<BulkJobs>().Ended(PathOf(kickOff).Split('/')[^1], TestContext.Current.CancellationToken);
        return await App.Get(PathOf(kickOff));
    }

    private async Task<JsonObject> Output(JsonObject manifest)
        => JsonNode.Parse((await App.Get(new Uri((string)manifest["output"]!.AsArray().Single()!["url"]!).PathAndQuery)).Text)!.AsObject();

    private static string PathOf(Reply kickOff) => new Uri(kickOff.Header("Content-Location")!).PathAndQuery;
}
