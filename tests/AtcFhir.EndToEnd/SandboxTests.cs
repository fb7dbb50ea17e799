using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.EndToEnd.Running;

namespace AtcFhir.EndToEnd;

/// <summary>What somebody sees who starts the server with nothing configured: the sandbox hospital, synced both ways. Both personas. Under Validation:OnWrite=Enforce.</summary>
public class SandboxTests
{
    private const string EcogCode = "http://loinc.org|89247-1";

    private static readonly string[] Types =
        ["Patient", "ResearchStudy", "ResearchSubject", "Consent", "Condition", "Observation", "MedicationAdministration", "QuestionnaireResponse", "AdverseEvent", "Task"];

    /// <summary>Ten of them are longer than a killed process holds the hospital, and than it is from pass to pass.</summary>
    private static readonly TimeSpan QuietStep = TimeSpan.FromMilliseconds(800);

    private static Task<RunningServer> Start(string folder, string persona)
        => RunningServer.Start(folder, ("Sandbox__Persona", persona), ("Sandbox__SecondsPerDay", "0"), ("Sync__LeaseSeconds", "4"), ("Sync__IntervalSeconds", "2"));

    private static async Task WaitUntilQuiet(RunningServer server)
    {
        await Eventually.Becomes(async () => await server.Count("/fhir/ResearchSubject") == 10, "ten subjects are enrolled", 120);
        var (before, same) = ("", 0);
        await Eventually.Becomes(
            async () =>
            {
                var state = await State(server);
                same = state == before ? same + 1 : 0;
                before = state;
                await Task.Delay(QuietStep, TestContext.Current.CancellationToken);
                return same >= 10;
            },
            "nothing more is written on either side",
            240);
    }

    /// <summary>
    /// What was ever written on the trial's side, and what stands at the hospital: its history where it serves one, otherwise the content of its resources.
    /// </summary>
    private static async Task<string> State(RunningServer server)
    {
        var trial = await server.HistoryTotal("/fhir");
        var (status, history, _) = await server.Send(HttpMethod.Get, "/sandbox/fhir/_history?_count=1", null);
        if (status == HttpStatusCode.OK)
        {
            return $"{trial}, {history!["total"]}";
        }

        var content = new StringBuilder();
        foreach (var type in Types)
        {
            foreach (var entry in (await server.Get($"/sandbox/fhir/{type}?_count=1000"))["entry"]?.AsArray() ?? [])
            {
                content.Append(entry!["resource"]!.ToJsonString());
            }
        }

        return $"{trial}, {content.Length} {Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToString())))}";
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("epic-like")]
    public async Task TheHospitalsObservationsBecomeTrialRecordsAndFurtherPassesWriteNothing(string persona)
    {
        using var folder = new TemporaryFolder();
        using var server = await Start(folder.Path, persona);
        await WaitUntilQuiet(server);

        Assert.Equal(1, await server.Count("/fhir/ResearchStudy?identifier=NL-OMON46644"));
        Assert.Equal(10, await server.Count("/fhir/ResearchSubject?study=ResearchStudy/atc-anakinra1"));
        Assert.True(await server.Count($"/fhir/Observation?code={EcogCode}") > 50, "ECOG scores of ten subjects");
        Assert.True(await server.Count("/fhir/MedicationAdministration") > 500, "doses of ten subjects");
        Assert.True(await server.Count("/fhir/QuestionnaireResponse") > 20, "questionnaires of ten subjects");
        Assert.Equal(await server.Count("/fhir/QuestionnaireResponse"), await server.Count("/fhir/Observation?code=https://example.org/atcfhir/CodeSystem/hrqol-scale|global-quality"));

        var state = await State(server);
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.Equal(state, await State(server));
    }

    [Fact]
    public async Task AnEcogSearchBySubjectAndDateFindsIntegerScoresInOrder()
    {
        using var folder = new TemporaryFolder();
        using var server = await Start(folder.Path, "plain");
        await WaitUntilQuiet(server);
        var subject = (await server.Get("/fhir/ResearchSubject?_count=1"))["entry"]![0]!["resource"]!["individual"]!["reference"]!.GetValue<string>();

        var bundle = await server.Get($"/fhir/Observation?subject={subject}&code={EcogCode}&date=ge2018-10-16&_sort=date");

        var scores = bundle["entry"]!.AsArray().Select(entry => entry!["resource"]!).ToList();
        Assert.NotEmpty(scores);
        Assert.All(scores, score => Assert.InRange(score["valueInteger"]!.GetValue<int>(), 0, 5));
        var dates = scores.Select(score => score["effectiveDateTime"]!.GetValue<string>()).ToList();
        Assert.Equal(dates.Order(StringComparer.Ordinal), dates);
    }

    [Fact]
    public async Task ABrokenEcogIsExplainedWithLineAndColumn()
    {
        using var folder = new TemporaryFolder();
        using var server = await RunningServer.Start(folder.Path, ("Sandbox__Enabled", "false"));
        const string broken = """
            {
              "resourceType": "Observation",
              "meta": { "profile": ["https://example.org/atcfhir/StructureDefinition/ecog-performance-status"] },
              "status": "final",
              "category": [ { "coding": [ { "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "survey" } ] } ],
              "code": { "coding": [ { "system": "http://loinc.org", "code": "89247-2" } ] },
              "subject": { "reference": "Patient/1" },
              "effectiveDateTime": "2018-10-16",
              "valueInteger": 7
            }
            """;

        var (status, outcome, _) = await server.Send(HttpMethod.Post, "/fhir/Observation/$validate", broken);

        Assert.Equal(HttpStatusCode.OK, status);
        var issues = outcome!["issue"]!.AsArray();
        var range = Assert.Single(issues, issue => issue!["details"]!["text"]!.GetValue<string>().Contains("ECOG performance status goes from 0 to 5", StringComparison.Ordinal));
        Assert.Equal(9, Extension(range!, "line"));
        Assert.Equal("Observation.value", range!["expression"]![0]!.GetValue<string>());
        Assert.Contains(issues, issue => issue!["expression"]?[0]?.GetValue<string>().StartsWith("Observation.code", StringComparison.Ordinal) == true && Extension(issue, "line") == 6);
    }

    [Fact]
    public async Task AKillInTheMiddleOfTheSyncLeadsToTheSameState()
    {
        using var quiet = new TemporaryFolder();
        using var disturbed = new TemporaryFolder();
        Dictionary<string, int> expected;
        using (var server = await Start(quiet.Path, "plain"))
        {
            await WaitUntilQuiet(server);
            expected = await Totals(server);
        }

        foreach (var moment in new[] { 400, 900, 1500 })
        {
            using var server = await Start(disturbed.Path, "plain");
            await Task.Delay(moment, TestContext.Current.CancellationToken);
            server.Kill();
        }

        // Everybody is enrolled, and nothing of the trial is at the hospital yet.
        using (var server = await Start(disturbed.Path, "plain"))
        {
            await Eventually.Becomes(async () => await server.Count("/fhir/ResearchSubject") == 10, "ten subjects are enrolled", 120);
            server.Kill();
        }

        using var survivor = await Start(disturbed.Path, "plain");
        await WaitUntilQuiet(survivor);

        Assert.Equal(expected, await Totals(survivor));
    }

    private static async Task<Dictionary<string, int>> Totals(RunningServer server)
    {
        Dictionary<string, int> totals = [];
        foreach (var type in Types)
        {
            totals["trial " + type] = await server.Count("/fhir/" + type);
            totals["hospital " + type] = await server.Count("/sandbox/fhir/" + type);
        }

        return totals;
    }

    private static int? Extension(JsonNode issue, string name)
        => issue["extension"]?.AsArray().SingleOrDefault(extension => extension!["url"]!.GetValue<string>().EndsWith("issue-" + name, StringComparison.Ordinal))?["valueInteger"]!.GetValue<int>();
}
