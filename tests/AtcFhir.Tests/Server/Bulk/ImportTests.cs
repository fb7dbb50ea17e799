using System.Text.Json.Nodes;
using AtcFhir.Server.Bulk;
using Microsoft.Extensions.DependencyInjection;
using static AtcFhir.Tests.Server.Fhir.Resources;

namespace AtcFhir.Tests.Server.Bulk;

public class ImportTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private static readonly (string, string) Ndjson = ("Content-Type", "application/fhir+ndjson");

    private ServerApp App => server.App;

    [Fact]
    public async Task EveryLineBecomesAResource()
    {
        var lines = Enumerable.Range(0, 1200).Select(i => Patient($"import-{i}", "Importer")).Append(Observation(subject: "Patient/import-1"));

        var manifest = await App.Post("$import", string.Join('\n', lines), Ndjson);

        Assert.True(manifest.Status == 200, manifest.Text);
        Assert.Equal(["Observation 1", "Patient 1200"], manifest.Json["output"]!.AsArray().Select(file => $"{file!["type"]} {file["count"]}"));
        Assert.Empty(manifest.Json["error"]!.AsArray());
        Assert.Equal(1200, (int)(await App.Get("Patient?family=Importer&_summary=count")).Json["total"]!);
    }

    [Fact]
    public async Task AWrongLineIsReportedAndTheOthersGoOn()
    {
        string[] lines = [Patient("right-1"), "{\"resourceType\":\"Patient\",\"gender\":\"none\"}", "", "nonsense", """{"resourceType":"Observation","status":"final"}""", Patient("right-2")];

        var manifest = await App.Post("$import", string.Join("\r\n", lines) + "\r\n", Ndjson);

        Assert.Equal(2, (int)manifest.Json["output"]![0]!["count"]!);
        var report = await App.Get(new Uri((string)manifest.Json["error"]![0]!["url"]!).PathAndQuery);
        var outcomes = report.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(3, outcomes.Count);
        Assert.Contains("[2", outcomes[0].ToJsonString().Replace("\"valueInteger\":", "[", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(200, (await App.Get("Patient/right-2")).Status);
    }

    [Fact]
    public async Task TheSameResourceTwiceHasTwoVersions()
    {
        await App.Post("$import", Patient("twice", "First") + "\n" + Patient("twice", "Second"), Ndjson);

        var patient = await App.Get("Patient/twice");
        Assert.Equal(("Second", "2"), ((string?)patient.Json["name"]![0]!["family"], (string?)patient.Json["meta"]!["versionId"]));
    }

    [Fact]
    public async Task GoingOverTheSameLinesAgainChangesNothing()
    {
        var jobs = App.Services.GetRequiredService<BulkJobs>();
        var job = ExportRequests.ImportJob("repeated");
        for (var run = 0; run < 2; run++)
        {
            await File.WriteAllTextAsync(jobs.Folder.PathOf("repeated", JobFolder.InputName), Patient(family: "Nameless") + "\n" + Patient("named", "Nameless"), TestContext.Current.CancellationToken);
            Assert.True(jobs.Start(job).Succeeded);
            await jobs.Ended("repeated", TestContext.Current.CancellationToken);
        }

        var found = await App.Get("Patient?family=Nameless");
        Assert.Equal(2, found.Matches.Count);
        Assert.All(found.Entries, entry => Assert.Equal("1", (string?)entry["resource"]!["meta"]!["versionId"]));
    }

    [Fact]
    public async Task RespondAsyncAnswersAtOnce()
    {
        var accepted = await App.Post("$import", Patient("later"), Ndjson, ("Prefer", "respond-async"));

        Assert.Equal(202, accepted.Status);
        Assert.StartsWith("http://localhost/fhir/$job/", accepted.Header("Content-Location"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherMediaTypeIsRefused() => (await App.Post("$import", Patient())).Refuses(415, "not-supported");
}
