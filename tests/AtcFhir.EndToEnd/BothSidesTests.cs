using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.EndToEnd.Running;

namespace AtcFhir.EndToEnd;

/// <summary>
/// Edits of the trial and of a hospital that we did not write, brought together by the published command on the running server's store. The server does not
/// sync by itself here, so that each pass comes when the test says so. Under Validation:OnWrite=Enforce.
/// </summary>
public sealed class BothSidesTests
{
    private const string Event = "AdverseEvent/adverse-event-injection-site";

    [Fact]
    public async Task EditsOfDifferentElementsAreMergedAndThoseOfTheSameElementAreDecidedOnTheCommandLine()
    {
        using var folder = new TemporaryFolder();
        using var hospital = await ForeignHospital.Start();
        var patient = await hospital.Create("""{"resourceType":"Patient","gender":"female","birthDate":"1950-03-04"}""");
        using var server = await RunningServer.Start(folder.Path, ("Hospital__BaseUrl", hospital.BaseUrl.ToString()), ("Sync__Enabled", "false"));
        var subject = await Enrol(server, patient);
        Assert.Equal(HttpStatusCode.Created, (await server.Send(HttpMethod.Put, "/fhir/" + Event, Happened(subject))).Status);
        await Run(folder, hospital, 0, "run");
        var delivered = Assert.Single(await hospital.Search("AdverseEvent?_count=10"))!["resource"]!["id"]!.GetValue<string>();

        // Different elements.
        await Edit(hospital, delivered, body => body["date"] = "2018-11-15");
        await Edit(server, body => body["outcome"] = Outcome("recovering", "C49496"));
        var merged = JsonNode.Parse(await Run(folder, hospital, 0, "run", "--json"))!;
        Assert.Equal((1, 1, 0), ((int)merged["merged"]!, (int)merged["pushed"]!, (int)merged["conflicts"]!));
        foreach (var side in new[] { await There(hospital, delivered), await server.Get("/fhir/" + Event) })
        {
            Assert.Equal(("2018-11-15", "recovering"), ((string)side["date"]!, (string)side["outcome"]!["coding"]![0]!["code"]!));
        }

        // The same element.
        await Edit(hospital, delivered, body => body["outcome"] = Outcome("ongoing", "C49494"));
        await Edit(server, body => body["outcome"] = Outcome("resolved", "C49498"));
        await Run(folder, hospital, 0, "run");
        Assert.Equal("ongoing", (string)(await There(hospital, delivered))["outcome"]!["coding"]![0]!["code"]!);
        Assert.Equal("resolved", (string)(await server.Get("/fhir/" + Event))["outcome"]!["coding"]![0]!["code"]!);
        var open = Assert.Single(JsonNode.Parse(await Run(folder, hospital, 0, "conflicts", "--json"))!.AsArray())!;
        Assert.Equal(("conflict", Event, "AdverseEvent.outcome"), ((string)open["kind"]!, (string)open["reference"]!, (string)open["elements"]![0]!));
        Assert.Contains("ongoing", await Run(folder, hospital, 0, "diff", Event), StringComparison.Ordinal);
        await Run(folder, hospital, 2, "resolve", Event);
        await Run(folder, hospital, 0, "resolve", Event, "--take", "hospital");
        await Run(folder, hospital, 0, "run");
        Assert.Equal("ongoing", (string)(await server.Get("/fhir/" + Event))["outcome"]!["coding"]![0]!["code"]!);
        Assert.Empty(JsonNode.Parse(await Run(folder, hospital, 0, "conflicts", "--json"))!.AsArray());

        // And nothing moves any more.
        var before = (await server.HistoryTotal("/fhir"), (string)(await There(hospital, delivered))["meta"]!["versionId"]!);
        await Run(folder, hospital, 0, "run");
        Assert.Equal(before, (await server.HistoryTotal("/fhir"), (string)(await There(hospital, delivered))["meta"]!["versionId"]!));
    }

    [Fact]
    public async Task WhatIsInQuarantineIsSeenAndTakenThroughTheBorderAgain()
    {
        using var folder = new TemporaryFolder();
        using var hospital = await ForeignHospital.Start();
        var patient = await hospital.Create("""{"resourceType":"Patient","gender":"female","birthDate":"1950-03-04"}""");
        using var server = await RunningServer.Start(folder.Path, ("Hospital__BaseUrl", hospital.BaseUrl.ToString()), ("Sync__Enabled", "false"));
        await Enrol(server, patient);
        var (status, _, _) = await server.Send(HttpMethod.Post, "/ehr/Observation", $$$"""{"resourceType":"Observation","id":"e1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"89247-1"}]},"subject":{"reference":"Patient/{{{patient}}}"},"effectiveDateTime":"2018-11-01","valueInteger":9}""");
        Assert.Equal(HttpStatusCode.Accepted, status);

        var held = Assert.Single(JsonNode.Parse(await Run(folder, hospital, 0, "quarantine", "--json"))!.AsArray())!;
        Assert.Equal("OperationOutcome", (string)held["outcome"]!["resourceType"]!);
        await Run(folder, hospital, 1, "replay", (string)held["id"]!);
        Assert.Equal(2, (int)JsonNode.Parse(await Run(folder, hospital, 0, "quarantine", "--json"))![0]!["attempts"]!);
        await Run(folder, hospital, 1, "replay", "no-such-id");
        await Run(folder, hospital, 2, "replay");
        Assert.Contains("Observation", await Run(folder, hospital, 0, "coverage"), StringComparison.Ordinal);
        Assert.Contains("If-Match", await Run(folder, hospital, 0, "probe"), StringComparison.Ordinal);
        Assert.Contains("created", await Run(folder, hospital, 0, "diff"), StringComparison.Ordinal);
    }

    private static async Task<string> Run(TemporaryFolder folder, ForeignHospital hospital, int exitCode, params string[] arguments)
    {
        var (ended, output, error) = await ChildProcess.Run(Artifacts.Cli, ["sync", .. arguments], folder.Path, new Dictionary<string, string> { ["Hospital__BaseUrl"] = hospital.BaseUrl.ToString() });
        Assert.True(ended == exitCode, $"sync {string.Join(' ', arguments)}: {ended} {output} {error}");
        return output;
    }

    private static async Task<string> Enrol(RunningServer server, string patient)
    {
        var (status, body, _) = await server.Send(HttpMethod.Post, "/fhir/ResearchStudy/atc-anakinra1/$enroll", $$"""{"resourceType":"Parameters","parameter":[{"name":"patient","valueString":"Patient/{{patient}}"},{"name":"consent","valueDate":"2018-10-20"}]}""");
        Assert.True(status == HttpStatusCode.Created, body?.ToJsonString());
        return (await server.Get("/fhir/ResearchSubject"))["entry"]![0]!["resource"]!["individual"]!["reference"]!.GetValue<string>();
    }

    private static string Happened(string subject)
    {
        var happened = JsonNode.Parse(File.ReadAllText(Artifacts.InRepository("profiles/package/example/AdverseEvent-adverse-event-injection-site.json")))!.AsObject();
        happened["subject"] = new JsonObject { ["reference"] = subject };
        var extensions = happened["extension"]!.AsArray();
        extensions.RemoveAt(extensions.Select(extension => ((string)extension!["url"]!).EndsWith("research-subject-ref", StringComparison.Ordinal)).ToList().IndexOf(true));
        return happened.ToJsonString();
    }

    private static JsonObject Outcome(string code, string ncit) => new()
    {
        ["coding"] = new JsonArray(
            new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/adverse-event-outcome", ["code"] = code },
            new JsonObject { ["system"] = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl", ["code"] = ncit }),
    };

    private static async Task<JsonNode> There(ForeignHospital hospital, string id) => JsonNode.Parse(await hospital.Http.GetStringAsync("AdverseEvent/" + id, TestContext.Current.CancellationToken))!;

    private static async Task Edit(ForeignHospital hospital, string id, Action<JsonObject> edit)
    {
        var body = (await There(hospital, id)).AsObject();
        edit(body);
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/fhir+json");
        (await hospital.Http.PutAsync("AdverseEvent/" + id, content, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
    }

    private static async Task Edit(RunningServer server, Action<JsonObject> edit)
    {
        var body = (await server.Get("/fhir/" + Event)).AsObject();
        edit(body);
        var (status, answer, _) = await server.Send(HttpMethod.Put, "/fhir/" + Event, body.ToJsonString());
        Assert.True(status == HttpStatusCode.OK, answer?.ToJsonString());
    }
}
