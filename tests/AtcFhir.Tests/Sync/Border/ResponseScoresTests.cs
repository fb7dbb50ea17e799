using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.R4.Documents;
using AtcFhir.Store.Records;
using AtcFhir.Sync.Border;
using AtcFhir.Sync.Enrolment;
using AtcFhir.Tests.Trial;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Tests.Sync.Border;

public sealed class ResponseScoresTests
{
    private const string Key = "QuestionnaireResponse/qol-1";

    private static readonly string[] Scales = ["daily-life", "general-symptoms", "global-quality", "neck-symptoms"];

    [Fact]
    public async Task APulledResponseBringsItsScoresUnderLastingIds()
    {
        await using var world = await World();
        var subject = await world.Enrol();
        world.Hospital.Ward(Answers());
        var report = await world.Run();
        Assert.Equal((0, 1, 0), (report.Faults.Count, report.Mapped, report.Quarantined));
        var response = Assert.Single(await world.Trial("QuestionnaireResponse"));
        var scores = await Scores(world);
        Assert.Equal(Scales.Select(scale => $"{response["id"]}-{scale}"), scores.Select(Id));
        Assert.All(scores, score =>
        {
            Assert.Equal($"QuestionnaireResponse/{response["id"]}", Assert.Single(score["derivedFrom"]!.AsArray())!["reference"]!.GetValue<string>());
            Assert.Equal("Patient/" + subject.PatientId, score["subject"]!["reference"]!.GetValue<string>());
            Assert.Empty(TrialValidation.Errors(Encoding.UTF8.GetBytes(score.ToJsonString()), HrqolScore.Concept.Profile));
        });
        Assert.Equal("44.44", Value(scores[^1]));
        Assert.Equal(4, (await Records(world, subject)).Count);
    }

    [Fact]
    public async Task AResponseThatIsSentBringsTheSameScoresAsOneThatIsPulled()
    {
        await using var world = await World();
        await world.Enrol();
        var answer = await Send(world, Answers());
        var response = Assert.Single(await world.Trial("QuestionnaireResponse"));
        Assert.Equal((201, $"https://trial.example/fhir/QuestionnaireResponse/{response["id"]}/_history/1"), (answer.Status, answer.Location));
        var sent = await Scores(world);
        world.Hospital.Ward(Answers());
        await world.Settle();
        Assert.Equal(sent.Select(score => score.ToJsonString()), (await Scores(world)).Select(score => score.ToJsonString()));
        Assert.Equal(4, sent.Count);
    }

    [Fact]
    public async Task ResponseAndScoresAreOneTransaction()
    {
        var plan = new CrashPlan();
        await using var world = await World(plan);
        await world.Enrol();
        plan.At(CrashPoint.BeforeCommit, int.MaxValue); // never: it counts
        await Send(world, Answers());
        Assert.Equal(1, plan.Passed[CrashPoint.BeforeCommit]);
        Assert.Equal(4, (await Scores(world)).Count);
    }

    [Fact]
    public async Task ASecondPassAndTheSameSentAgainWriteNothing()
    {
        await using var world = await World();
        await world.Enrol();
        world.Hospital.Ward(Answers());
        await world.Settle();
        var before = await world.Totals();
        var second = await world.Run();
        Assert.Equal(200, (await Send(world, Answers())).Status);
        Assert.Equal((0, true), (second.Mapped, second.Unchanged > 0));
        Assert.Equal(before, await world.Totals());
    }

    [Fact]
    public async Task ACorrectionChangesTheScoresInPlaceAndOnlyThoseThatChange()
    {
        await using var world = await World();
        var subject = await world.Enrol();
        world.Hospital.Ward(Answers());
        await world.Settle();
        var first = await Scores(world);
        var corrected = JsonNode.Parse(Answers())!.AsObject();
        corrected["item"]!.AsArray().Single(item => item!["linkId"]!.GetValue<string>() == "whole")!["answer"]![0]!["valueInteger"] = 10;
        world.Hospital.Ward(corrected.ToJsonString());
        await world.Settle();
        var second = await Scores(world);
        Assert.Equal(first.Select(Id), second.Select(Id));
        Assert.Equal(["1", "1", "2", "1"], second.Select(score => score["meta"]!["versionId"]!.GetValue<string>()));
        Assert.NotEqual(Value(first[2]), Value(second[2]));
        Assert.Equal("100", Value(second[2]));
        Assert.Equal(4, (await Records(world, subject)).Count);
    }

    [Theory]
    [InlineData("entered-in-error", "entered-in-error")]
    [InlineData("amended", "amended")]
    public async Task TheScoresHaveTheStatusThatTheResponseCameTo(string response, string score)
    {
        await using var world = await World();
        await world.Enrol();
        world.Hospital.Ward(Answers());
        await world.Settle();
        world.Hospital.Ward(Answers(response));
        await world.Settle();
        var scores = await Scores(world);
        Assert.Equal(4, scores.Count);
        Assert.All(scores, stored => Assert.Equal((score, "2"), (stored["status"]!.GetValue<string>(), stored["meta"]!["versionId"]!.GetValue<string>())));
    }

    [Theory]
    [InlineData("item")]
    [InlineData("item", "authored")]
    [InlineData("item", "authored", "questionnaire")]
    public async Task AResponseThatIsTakenBackWithoutItsAnswersTakesItsScoresBackToo(params string[] without)
    {
        await using var world = await World();
        await world.Enrol();
        world.Hospital.Ward(Answers());
        await world.Settle();
        var before = (await world.Trial("QuestionnaireResponse"))[0]["item"]!.ToJsonString();
        var bare = JsonNode.Parse(Answers("entered-in-error"))!.AsObject();
        Array.ForEach(without, name => bare.Remove(name));
        world.Hospital.Ward(bare.ToJsonString());
        await world.Settle();
        var response = Assert.Single(await world.Trial("QuestionnaireResponse"));
        Assert.Equal(("entered-in-error", before), (response["status"]!.GetValue<string>(), response["item"]!.ToJsonString()));
        var scores = await Scores(world);
        Assert.Equal(4, scores.Count);
        Assert.All(scores, score => Assert.Equal("entered-in-error", score["status"]!.GetValue<string>()));
        Assert.Empty(await world.Trial("Task"));
        Assert.Empty(await world.Quarantine.ListAsync(null, SyncWorld.Cancel));
    }

    [Fact]
    public async Task AResponseThatIsTakenBackBeforeItEverCameInLeavesNothing()
    {
        await using var world = await World();
        await world.Enrol();
        await world.Settle();
        var bare = JsonNode.Parse(Answers("entered-in-error"))!.AsObject();
        bare.Remove("item");
        var before = await world.Totals();
        Assert.Equal(200, (await Send(world, bare.ToJsonString())).Status);
        Assert.Equal(before, await world.Totals());
    }

    [Fact]
    public async Task WhatIsTakenBackLeavesTheQuarantine()
    {
        await using var world = await World();
        await world.Enrol();
        world.Hospital.Ward(Answers().Replace("atc-hrqol|0.1.0", "atc-hrqol|9.9.9", StringComparison.Ordinal));
        await world.Settle();
        var bare = JsonNode.Parse(Answers("entered-in-error"))!.AsObject();
        bare.Remove("item");
        world.Hospital.Ward(bare.ToJsonString());
        await world.Settle();
        Assert.Empty(await world.Quarantine.ListAsync(null, SyncWorld.Cancel));
        Assert.Equal("completed", Assert.Single(await world.Trial("Task"))["status"]!.GetValue<string>());
        Assert.Empty(await world.Trial("QuestionnaireResponse"));
    }

    [Fact]
    public async Task AnInvalidCorrectionThatIsTakenBackTakesTheValidVersionBack()
    {
        await using var world = await World();
        await world.Enrol();
        world.Hospital.Ward(Answers());
        await world.Settle();
        world.Hospital.Ward(Answers().Replace("atc-hrqol|0.1.0", "atc-hrqol|9.9.9", StringComparison.Ordinal));
        await world.Settle();
        Assert.Single(await world.Quarantine.ListAsync(null, SyncWorld.Cancel));
        var bare = JsonNode.Parse(Answers("entered-in-error"))!.AsObject();
        bare.Remove("item");
        world.Hospital.Ward(bare.ToJsonString());
        await world.Settle();
        Assert.Empty(await world.Quarantine.ListAsync(null, SyncWorld.Cancel));
        Assert.All(await Scores(world), score => Assert.Equal("entered-in-error", score["status"]!.GetValue<string>()));
    }

    [Fact]
    public async Task AResponseThatIsReopenedHasNoScoresUntilItIsCompletedAgain()
    {
        await using var world = await World();
        await world.Enrol();
        world.Hospital.Ward(Answers());
        await world.Settle();
        var ids = (await Scores(world)).Select(Id).ToList();
        world.Hospital.Ward(Answers("in-progress"));
        await world.Settle();
        Assert.Empty(await Scores(world));
        Assert.Single(await world.Trial("QuestionnaireResponse"));
        world.Hospital.Ward(Answers());
        await world.Settle();
        Assert.Equal(ids, (await Scores(world)).Select(Id));
    }

    [Fact]
    public async Task TheScoresGoWithAResponseThatTheHospitalDeleted()
    {
        await using var world = await World();
        var subject = await world.Enrol();
        world.Hospital.Ward(Answers());
        world.AddCrp("crp-1", "p1", "12");
        await world.Settle();
        Assert.Equal(5, (await world.Trial("Observation")).Count);
        world.Hospital.Ward(Key, null);
        for (var sweeps = 0; sweeps < 3; sweeps++)
        {
            world.Time.Advance(TimeSpan.FromHours(25));
            await world.Run();
        }

        Assert.Empty(await world.Trial("QuestionnaireResponse"));
        Assert.Single(await world.Trial("Observation"));
        Assert.Empty(await Records(world, subject));
    }

    [Fact]
    public async Task WhatSomebodyElseDerivedFromTheResponseStays()
    {
        await using var world = await World();
        var subject = await world.Enrol();
        world.Hospital.Ward(Answers());
        await world.Settle();
        await world.Put(Derived("own-1", subject, $"QuestionnaireResponse/{(await world.Trial("QuestionnaireResponse"))[0]["id"]}"));
        world.Hospital.Ward(Answers("in-progress"));
        await world.Settle();
        Assert.Equal("own-1", Id(Assert.Single(await world.Trial("Observation"))));
    }

    [Fact]
    public async Task ScoresOfAHospitalsResponseAreNeverPushedNorWhatIsDerivedFromThem()
    {
        await using var world = await World();
        var subject = await world.Enrol();
        world.Hospital.Ward(Answers());
        await world.Settle();
        var scores = await Scores(world);
        await world.Put(Derived("further-1", subject, "Observation/" + Id(scores[0])));
        await world.Put(Derived("further-2", subject, $"Observation/{Id(scores[0])}/_history/1"));
        await world.Settle();
        Assert.Equal(6, (await world.Trial("Observation")).Count);
        Assert.Empty(world.Hospital.Living("Observation"));
        Assert.DoesNotContain(await world.Trial("Task"), task => task["focus"]?["reference"]?.GetValue<string>().StartsWith("Observation/", StringComparison.Ordinal) == true);

        // The filter is what holds them back: what is derived from nothing of the hospital's goes.
        await world.Put(Derived("own-1", subject, null));
        await world.Settle();
        Assert.Single(world.Hospital.Living("Observation"));
    }

    [Fact]
    public async Task AResponseInQuarantineBringsScoresWhenItIsRepaired()
    {
        await using var world = await World();
        await world.Enrol();
        world.Hospital.Ward(Answers().Replace("atc-hrqol|0.1.0", "atc-hrqol|9.9.9", StringComparison.Ordinal));
        await world.Settle();
        Assert.Empty(await Scores(world));
        world.Hospital.Ward(Answers());
        await world.Settle();
        Assert.Equal(4, (await Scores(world)).Count);
    }

    private static async Task<SyncWorld> World(CrashPlan? plan = null)
    {
        var world = await SyncWorld.Make(wrap: plan is null ? null : store => new CrashingStore(store, plan));
        world.AddPatient("p1");
        return world;
    }

    /// <summary>The answers of the profiles' example as the hospital would have them.</summary>
    private static string Answers(string status = "completed")
    {
        var example = JsonNode.Parse(ProfileExamples.Read("QuestionnaireResponse-hrqol-answers-day-14.json").Utf8.Span)!.AsObject();
        return new JsonObject
        {
            ["resourceType"] = "QuestionnaireResponse",
            ["id"] = "qol-1",
            ["questionnaire"] = example["questionnaire"]!.DeepClone(),
            ["status"] = status,
            ["subject"] = new JsonObject { ["reference"] = "Patient/p1", ["display"] = "Jansen, Pieter" },
            ["authored"] = "2019-02-20T09:30:00+01:00",
            ["item"] = example["item"]!.DeepClone(),
        }.ToJsonString();
    }

    private static string Derived(string id, EnrolledSubject subject, string? from)
    {
        var own = JsonNode.Parse(SyncWorld.Crp(id, "x", "15"))!.AsObject();
        own["subject"] = new JsonObject { ["reference"] = "Patient/" + subject.PatientId };
        own.Remove("note");
        if (from is not null)
        {
            own["derivedFrom"] = new JsonArray(new JsonObject { ["reference"] = from });
        }

        return own.ToJsonString();
    }

    private static Task<IntakeAnswer> Send(SyncWorld world, string json) => world.Intake.HandleAsync(
        new IntakeRequest("PUT", "QuestionnaireResponse", "qol-1", ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value, "https://trial.example/fhir", "ehr", "request-1", "default"), SyncWorld.Cancel);

    private static async Task<List<JsonObject>> Scores(SyncWorld world) => [.. (await world.Trial("Observation")).Where(observation => observation.ContainsKey("method")).OrderBy(Id, StringComparer.Ordinal)];

    private static async Task<IReadOnlyList<object>> Records(SyncWorld world, EnrolledSubject subject)
        => [.. (await world.Store.Records(new RecordQuery(Concept: "hrqol-score", Subject: subject.PatientId), SyncWorld.Cancel)).Records];

    private static string Id(JsonObject resource) => resource["id"]!.GetValue<string>();

    private static string? Value(JsonObject score) => score["valueQuantity"]?["value"]!.ToJsonString();
}
