using System.Net;
using System.Text.Json.Nodes;
using AtcFhir.EndToEnd.Running;

namespace AtcFhir.EndToEnd;

/// <summary>
/// A hospital that we did not write: UUID versions, offset paging, no history, no CapabilityStatement, no rollback, deleted reads as 404.
/// What it can do is found out by probing. Under Validation:OnWrite=Enforce.
/// </summary>
public class ForeignHospitalTests
{
    private const string Mcode = "tests/AtcFhir.Tests/Trial/mcode/";

    private const string PatientJson = """
        {"resourceType":"Patient","identifier":[{"system":"https://hospital.example/mrn","value":"4711"}],
         "name":[{"family":"Testpersoon","given":["Anna"]}],"gender":"female","birthDate":"1950-03-04"}
        """;

    private static string Ecog(string file, string patient)
    {
        var observation = JsonNode.Parse(File.ReadAllText(Artifacts.InRepository(Mcode + file)))!.AsObject();
        observation.Remove("id");
        observation.Remove("performer");
        observation["subject"] = new JsonObject { ["reference"] = "Patient/" + patient };
        return observation.ToJsonString();
    }

    private static string Enrolment(string patient) => $$"""
        {"resourceType":"Parameters","parameter":[
          {"name":"patient","valueString":"Patient/{{patient}}"},{"name":"consent","valueDate":"2018-03-15"},{"name":"subject","valueString":"001"}]}
        """;

    private static async Task<string> Enrol(RunningServer server, string patient)
    {
        var (status, body, _) = await server.Send(HttpMethod.Post, "/fhir/ResearchStudy/atc-anakinra1/$enroll", Enrolment(patient));
        Assert.True(status == HttpStatusCode.Created, body?.ToJsonString());
        return (await server.Get("/fhir/ResearchSubject"))["entry"]![0]!["resource"]!["individual"]!["reference"]!.GetValue<string>();
    }

    [Fact]
    public async Task TheTwoMcodeExamplesArriveThroughThePullAndTheTrialsRecordsGoBack()
    {
        using var folder = new TemporaryFolder();
        using var hospital = await ForeignHospital.Start();
        var patient = await hospital.Create(PatientJson);
        await hospital.Create(Ecog("Observation-ecog-performance-status-fully-active.json", patient));
        await hospital.Create(Ecog("Observation-ecog-performance-status-jenny-m.json", patient));
        using var server = await RunningServer.Start(folder.Path, ("Hospital__BaseUrl", hospital.BaseUrl.ToString()));

        var subject = await Enrol(server, patient);
        await Eventually.Becomes(async () => await server.Count($"/fhir/Observation?subject={subject}&code=http://loinc.org|89247-1") == 2, "both ECOG scores are in the trial");

        var scores = (await server.Get($"/fhir/Observation?subject={subject}&_sort=date"))["entry"]!.AsArray().Select(entry => entry!["resource"]!).ToList();
        Assert.All(scores, score => Assert.InRange(score["valueInteger"]!.GetValue<int>(), 0, 5));
        Assert.All(scores, score => Assert.DoesNotContain("Testpersoon", score.ToJsonString(), StringComparison.Ordinal));
        await Eventually.Becomes(async () => (await hospital.Search("ResearchStudy?_count=10")).Count == 1, "the study is at the hospital");
        await Eventually.Becomes(async () => (await hospital.Search("ResearchSubject?_count=10")).Count == 1, "the subject is at the hospital");
        Assert.Equal(2, (await hospital.Search("Observation?_count=10")).Count);
    }

    [Fact]
    public async Task FurtherPassesChangeNothingOnEitherSide()
    {
        using var folder = new TemporaryFolder();
        using var hospital = await ForeignHospital.Start();
        var patient = await hospital.Create(PatientJson);
        await hospital.Create(Ecog("Observation-ecog-performance-status-fully-active.json", patient));
        using var server = await RunningServer.Start(folder.Path, ("Hospital__BaseUrl", hospital.BaseUrl.ToString()));
        await Enrol(server, patient);
        await Eventually.Becomes(async () => (await hospital.Search("ResearchSubject?_count=10")).Count == 1, "the subject is at the hospital");
        await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);

        var before = await Versions(hospital);
        var trial = await server.HistoryTotal("/fhir");
        await Task.Delay(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);

        Assert.Equal(before, await Versions(hospital));
        Assert.Equal(trial, await server.HistoryTotal("/fhir"));
    }

    [Fact]
    public async Task ACorrectionAtTheHospitalReachesTheTrial()
    {
        using var folder = new TemporaryFolder();
        using var hospital = await ForeignHospital.Start();
        var patient = await hospital.Create(PatientJson);
        var id = await hospital.Create(Ecog("Observation-ecog-performance-status-fully-active.json", patient));
        using var server = await RunningServer.Start(folder.Path, ("Hospital__BaseUrl", hospital.BaseUrl.ToString()));
        var subject = await Enrol(server, patient);
        await Eventually.Becomes(async () => await server.Count($"/fhir/Observation?subject={subject}") == 1, "the score is in the trial");

        var corrected = JsonNode.Parse(Ecog("Observation-ecog-performance-status-fully-active.json", patient))!.AsObject();
        (corrected["id"], corrected["status"], corrected["valueInteger"]) = (id, "corrected", 2);
        corrected.Remove("interpretation");
        using var content = new StringContent(corrected.ToJsonString(), System.Text.Encoding.UTF8, "application/fhir+json");
        (await hospital.Http.PutAsync("Observation/" + id, content, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        await Eventually.Becomes(
            async () => (await server.Get($"/fhir/Observation?subject={subject}"))["entry"]!.AsArray().Any(entry => entry!["resource"]!["valueInteger"]?.GetValue<int>() == 2),
            "the corrected score is in the trial");
        Assert.Equal(1, await server.Count($"/fhir/Observation?subject={subject}"));
    }

    [Theory]
    [InlineData("Observation-ecog-performance-status-fully-active.json")]
    [InlineData("Observation-ecog-performance-status-jenny-m.json")]
    public async Task APushedMcodeEcogBecomesATrialRecordAndAPatientWhoIsNotEnrolledIsRefused(string example)
    {
        using var folder = new TemporaryFolder();
        using var hospital = await ForeignHospital.Start();
        var patient = await hospital.Create(PatientJson);
        using var server = await RunningServer.Start(folder.Path, ("Hospital__BaseUrl", hospital.BaseUrl.ToString()));
        var subject = await Enrol(server, patient);

        var (status, body, headers) = await server.Send(HttpMethod.Post, "/ehr/Observation", Ecog(example, patient));

        Assert.True(status == HttpStatusCode.Created, body?.ToJsonString());
        var stored = await server.Get(headers.Location!.PathAndQuery);
        Assert.Equal(subject, stored["subject"]!["reference"]!.GetValue<string>());
        Assert.Equal("89247-1", stored["code"]!["coding"]![0]!["code"]!.GetValue<string>());

        var total = await server.HistoryTotal("/fhir");
        var (refused, outcome, _) = await server.Send(HttpMethod.Post, "/ehr/Observation", Ecog(example, "somebody-else"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused);
        Assert.Equal("OperationOutcome", outcome!["resourceType"]!.GetValue<string>());
        Assert.Equal(total, await server.HistoryTotal("/fhir"));
    }

    private static async Task<List<string>> Versions(ForeignHospital hospital)
    {
        List<string> versions = [];
        foreach (var type in new[] { "Patient", "Observation", "ResearchStudy", "ResearchSubject", "Organization", "Location", "AdverseEvent", "Basic" })
        {
            versions.AddRange((await hospital.Search(type + "?_count=100")).Select(entry => $"{type}/{entry!["resource"]!["id"]}/{entry["resource"]!["meta"]!["versionId"]}"));
        }

        return [.. versions.Order(StringComparer.Ordinal)];
    }
}
