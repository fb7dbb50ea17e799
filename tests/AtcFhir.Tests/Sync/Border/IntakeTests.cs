using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.R4.Documents;
using AtcFhir.Sync.Border;

namespace AtcFhir.Tests.Sync.Border;

public sealed class IntakeTests
{
    private const string PatientNumber = "urn:oid:2.16.840.1.113883.2.4.6.3";

    [Fact]
    public async Task AResultOfAnEnrolledPatientIsCreatedWithTheLocationOfTheTrialResource()
    {
        await using var world = await World();
        var answer = await Post(world, SyncWorld.Crp("crp-1", "p1", "12"));
        var crp = Assert.Single(await world.Trial("Observation"));
        Assert.Equal(201, answer.Status);
        Assert.Equal($"https://trial.example/fhir/Observation/{crp["id"]}/_history/1", answer.Location);
        Assert.Equal("W/\"1\"", answer.ETag);
    }

    [Fact]
    public async Task TheSameAgainStoresNothing()
    {
        await using var world = await World();
        await Post(world, SyncWorld.Crp("crp-1", "p1", "12"));
        var before = await world.Totals();
        Assert.Equal(200, (await Post(world, SyncWorld.Crp("crp-1", "p1", "12"))).Status);
        Assert.Equal(before, await world.Totals());
    }

    [Fact]
    public async Task TheSameWithoutAnIdAgainStoresNothingEither()
    {
        await using var world = await World();
        await Post(world, SyncWorld.Crp(null, "p1", "12"));
        var before = await world.Totals();
        Assert.Equal(200, (await Post(world, SyncWorld.Crp(null, "p1", "12"))).Status);
        Assert.Equal(before, await world.Totals());
    }

    [Fact]
    public async Task WhatWasSentAndIsThenPulledIsOneResource()
    {
        await using var world = await World();
        await Post(world, SyncWorld.Crp("crp-1", "p1", "12"));
        world.AddCrp("crp-1", "p1", "12");
        await world.Settle();
        Assert.Equal(1, Assert.Single(await world.Trial("Observation"))["meta"]!["versionId"]!.GetValue<string>() is "1" ? 1 : 0);
    }

    [Fact]
    public async Task AnUpdateIsAnsweredWith200()
    {
        await using var world = await World();
        await Post(world, SyncWorld.Crp("crp-1", "p1", "12"));
        var answer = await Send(world, "PUT", "Observation", "crp-1", SyncWorld.Crp("crp-1", "p1", "21", status: "amended"));
        Assert.Equal(200, answer.Status);
        Assert.Equal("21", Assert.Single(await world.Trial("Observation"))["valueQuantity"]!["value"]!.ToJsonString());
    }

    [Fact]
    public async Task ThePatientMayBeNamedByIdentifier()
    {
        await using var world = await World();
        var crp = JsonNode.Parse(SyncWorld.Crp("crp-1", "p1", "12"))!;
        crp["subject"] = new JsonObject { ["identifier"] = new JsonObject { ["system"] = PatientNumber, ["value"] = "ward-p1-number" } };
        Assert.Equal(201, (await Post(world, crp.ToJsonString())).Status);
    }

    [Fact]
    public async Task ThePatientMayBeNamedByTheHospitalsUrl()
    {
        await using var world = await World();
        Assert.Equal(201, (await Post(world, SyncWorld.Crp("crp-1", "p1", "12").Replace("Patient/p1", "http://hospital.test/fhir/Patient/p1", StringComparison.Ordinal))).Status);
    }

    [Theory]
    [InlineData("Patient/stranger")]
    [InlineData("http://other.test/fhir/Patient/p1")]
    [InlineData("#p1")]
    public async Task APatientWhoIsNotEnrolledIsAnsweredWith422AndNothingIsStored(string reference)
    {
        await using var world = await World();
        var before = await world.Totals();
        var keysBefore = new FileInfo(world.KeyDatabase + "-wal").Length;
        var answer = await Post(world, SyncWorld.Crp("crp-1", "x", "12").Replace("Patient/x", reference, StringComparison.Ordinal));
        Assert.Equal(422, answer.Status);
        Assert.Equal(before, await world.Totals());
        Assert.Equal(keysBefore, new FileInfo(world.KeyDatabase + "-wal").Length);
    }

    [Fact]
    public async Task WhatIsInScopeButInvalidIsAnsweredWith202AndATask()
    {
        await using var world = await World();
        var answer = await Post(world, SyncWorld.Crp("crp-1", "p1", "12").Replace("\"mg/L\"", "\"furlong\"", StringComparison.Ordinal));
        Assert.Equal(202, answer.Status);
        Assert.Empty(await world.Trial("Observation"));
        var task = Assert.Single(await world.Trial("Task"));
        Assert.Equal("requested", task["status"]!.GetValue<string>());
        Assert.Contains($"Task/{task["id"]}", Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
        Assert.DoesNotContain("Jansen", task.ToJsonString(), StringComparison.Ordinal);
        var held = Assert.Single(await world.Quarantine.ListAsync("default", SyncWorld.Cancel));
        Assert.Contains("OperationOutcome", Encoding.UTF8.GetString(held.Outcome), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"modifierExtension\":[{\"url\":\"http://example.org/negated\",\"valueBoolean\":true}]", "Observation.modifierExtension[0]")]
    [InlineData("\"implicitRules\":\"http://example.org/rules\"", "Observation.implicitRules")]
    [InlineData("\"component\":[{\"modifierExtension\":[{\"url\":\"http://example.org/negated\",\"valueBoolean\":true}],\"code\":{\"text\":\"x\"}}]", "Observation.component[0].modifierExtension[0]")]
    public async Task WhatMayChangeTheMeaningOfAResourceIsNotReadOver(string property, string expression)
    {
        await using var world = await World();
        var answer = await Post(world, SyncWorld.Crp("crp-1", "p1", "12").Replace("\"resourceType\":\"Observation\",", $"\"resourceType\":\"Observation\",{property},", StringComparison.Ordinal));
        Assert.Equal(202, answer.Status);
        Assert.Empty(await world.Trial("Observation"));
        var held = Encoding.UTF8.GetString(Assert.Single(await world.Quarantine.ListAsync("default", SyncWorld.Cancel)).Outcome);
        Assert.Contains(expression, held, StringComparison.Ordinal);
        Assert.Contains("ATC-B002", held, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AValidVersionReleasesTheQuarantine()
    {
        await using var world = await World();
        await Post(world, SyncWorld.Crp("crp-1", "p1", "12").Replace("\"mg/L\"", "\"furlong\"", StringComparison.Ordinal));
        Assert.Equal(201, (await Post(world, SyncWorld.Crp("crp-1", "p1", "12"))).Status);
        Assert.Empty(await world.Quarantine.ListAsync(null, SyncWorld.Cancel));
        Assert.Equal("completed", Assert.Single(await world.Trial("Task"))["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task AReplayOfWhatIsStillInvalidStaysInQuarantine()
    {
        await using var world = await World();
        await Post(world, SyncWorld.Crp("crp-1", "p1", "12").Replace("\"mg/L\"", "\"furlong\"", StringComparison.Ordinal));
        var held = Assert.Single(await world.Quarantine.ListAsync(null, SyncWorld.Cancel));
        await world.Restart();
        var replayed = await world.Quarantine.ReplayAsync(held.Id, "tester", SyncWorld.Cancel);
        Assert.Equal(CrossingKind.Quarantined, replayed.Value.Kind);
        Assert.Equal(2, Assert.Single(await world.Quarantine.ListAsync(null, SyncWorld.Cancel)).Attempts);
    }

    [Fact]
    public async Task AConvertedValueThatIsTakenBackWithoutItsContentIsTakenBackWithItsSource()
    {
        await using var world = await World();
        await Post(world, SyncWorld.Crp("crp-1", "p1", "1.2").Replace("\"mg/L\"", "\"mg/dL\"", StringComparison.Ordinal));
        Assert.Equal(2, (await world.Trial("Observation")).Count);
        var bare = """{"resourceType":"Observation","id":"crp-1","status":"entered-in-error","code":{"coding":[{"system":"http://loinc.org","code":"1988-5"}]},"subject":{"reference":"Patient/p1"}}""";
        Assert.Equal(200, (await Send(world, "PUT", "Observation", "crp-1", bare)).Status);
        Assert.All(await world.Trial("Observation"), result => Assert.Equal(("entered-in-error", true), (result["status"]!.GetValue<string>(), result.ContainsKey("valueQuantity"))));
        Assert.Empty(await world.Trial("Task"));
    }

    [Fact]
    public async Task ACodeOutsideTheCatalogueIsCountedOnly()
    {
        await using var world = await World();
        var before = await world.Totals();
        Assert.Equal(200, (await Post(world, SyncWorld.Crp("bp", "p1", "120").Replace("1988-5", "8480-6", StringComparison.Ordinal))).Status);
        Assert.Equal(before, await world.Totals());
    }

    [Fact]
    public async Task DataFromBeforeTheConsentsPeriodIsRefused()
    {
        await using var world = await World();
        Assert.Equal(422, (await Post(world, SyncWorld.Crp("crp-1", "p1", "12", date: "2017-01-01"))).Status);
        Assert.Empty(await world.Trial("Observation"));
    }

    [Fact]
    public async Task ABatchTakesItsEntriesOneByOne()
    {
        await using var world = await World();
        var answer = await Send(world, "POST", "", null, Bundle("batch", SyncWorld.Crp("crp-1", "p1", "12"), SyncWorld.Crp("crp-2", "stranger", "13")));
        Assert.Equal(200, answer.Status);
        Assert.Equal(["201", "422"], Statuses(answer));
        Assert.Single(await world.Trial("Observation"));
    }

    [Fact]
    public async Task ATransactionIsTakenAsAWholeOrNotAtAll()
    {
        await using var world = await World();
        var refused = await Send(world, "POST", "", null, Bundle("transaction", SyncWorld.Crp("crp-1", "p1", "12"), SyncWorld.Crp("crp-2", "stranger", "13")));
        Assert.Equal(422, refused.Status);
        Assert.Contains("Bundle.entry[1]", Encoding.UTF8.GetString(refused.Body), StringComparison.Ordinal);
        Assert.Empty(await world.Trial("Observation"));
        var taken = await Send(world, "POST", "", null, Bundle("transaction", SyncWorld.Crp("crp-1", "p1", "12"), SyncWorld.Crp("crp-2", "p1", "13")));
        Assert.Equal(["201", "201"], Statuses(taken));
        Assert.Equal(2, (await world.Trial("Observation")).Count);
    }

    [Fact]
    public async Task AReadIsNotServed()
    {
        await using var world = await World();
        Assert.Equal(405, (await Send(world, "GET", "Observation", "crp-1", SyncWorld.Crp("crp-1", "p1", "12"))).Status);
    }

    [Fact]
    public async Task AnotherTypeThanTheUrlSaysIs400()
    {
        await using var world = await World();
        Assert.Equal(400, (await Send(world, "POST", "Condition", null, SyncWorld.Crp("crp-1", "p1", "12"))).Status);
    }

    [Fact]
    public async Task ADeathIsTakenOverAndTakingItBackNeedsAPerson()
    {
        await using var world = await World();
        var dead = """{"resourceType":"Patient","id":"p1","gender":"male","birthDate":"1951-04-05","deceasedDateTime":"2019-02-27"}""";
        Assert.Equal(200, (await Send(world, "PUT", "Patient", "p1", dead)).Status);
        Assert.Equal(202, (await Send(world, "PUT", "Patient", "p1", dead.Replace(",\"deceasedDateTime\":\"2019-02-27\"", "", StringComparison.Ordinal))).Status);
        Assert.Equal("2019-02-27", Assert.Single(await world.Trial("Patient"))["deceasedDateTime"]!.GetValue<string>());
    }

    private static async Task<SyncWorld> World()
    {
        var world = await SyncWorld.Make();
        world.AddPatient("p1");
        await world.Enrol();
        return world;
    }

    private static Task<IntakeAnswer> Post(SyncWorld world, string json) => Send(world, "POST", JsonNode.Parse(json)!["resourceType"]!.GetValue<string>(), null, json);

    private static Task<IntakeAnswer> Send(SyncWorld world, string method, string type, string? id, string json)
        => world.Intake.HandleAsync(new IntakeRequest(method, type, id, ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value, "https://trial.example/fhir", "ehr", "request-1", "default"), SyncWorld.Cancel);

    private static string Bundle(string type, params string[] resources) => new JsonObject
    {
        ["resourceType"] = "Bundle",
        ["type"] = type,
        ["entry"] = new JsonArray([.. resources.Select((resource, i) => (JsonNode)new JsonObject
        {
            ["fullUrl"] = $"urn:uuid:00000000-0000-0000-0000-00000000000{i}",
            ["resource"] = JsonNode.Parse(resource),
            ["request"] = new JsonObject { ["method"] = "POST", ["url"] = "Observation" },
        })]),
    }.ToJsonString();

    private static IEnumerable<string> Statuses(IntakeAnswer answer) => JsonNode.Parse(answer.Body)!["entry"]!.AsArray().Select(entry => entry!["response"]!["status"]!.GetValue<string>());
}
