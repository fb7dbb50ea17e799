using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store;
using AtcFhir.Store.Side;
using AtcFhir.Sync.Conflicts;
using AtcFhir.Sync.Enrolment;
using AtcFhir.Sync.Ledger;

namespace AtcFhir.Tests.Sync.Conflicts;

public sealed class ConflictDeskTests
{
    private const string Event = "AdverseEvent/ae-1";

    [Fact]
    public async Task AConflictIsShownWithItsThreeVersions()
    {
        await using var world = await InConflict();
        var open = Assert.Single(await world.Conflicts.ListAsync("default", SyncWorld.Cancel));
        Assert.Equal((OpenKind.Conflict, Event, null), (open.Kind, open.Reference, open.Decided));
        var element = Assert.Single(await world.Conflicts.CompareAsync("default", Event, SyncWorld.Cancel));
        Assert.Equal("AdverseEvent.outcome", element.Element);
        Assert.Contains("resolved", element.Before!, StringComparison.Ordinal);
        Assert.Contains("recovering", element.Trial!, StringComparison.Ordinal);
        Assert.Contains("ongoing", element.Hospital!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Side.Trial, "recovering")]
    [InlineData(Side.Hospital, "ongoing")]
    public async Task TheDecidedVersionStandsOnBothSidesAfterTheNextPass(Side side, string outcome)
    {
        await using var world = await InConflict();
        Assert.True((await world.Conflicts.ResolveAsync("default", Event, side, "tester", SyncWorld.Cancel)).Succeeded);
        Assert.Equal(side, Assert.Single(await world.Conflicts.ListAsync("default", SyncWorld.Cancel)).Decided);
        await world.Restart();
        var report = await world.Run();
        Assert.Empty(report.Faults);
        await BothSay(world, outcome);
        Assert.Empty(await world.Conflicts.ListAsync(null, SyncWorld.Cancel));
        Assert.Equal("completed", Assert.Single(await world.Trial("Task"))["status"]!.GetValue<string>());
        await NothingMoves(world);
    }

    [Theory]
    [InlineData(Side.Trial, "recovering")]
    [InlineData(Side.Hospital, "ongoing")]
    public async Task WhatWasNotInConflictIsMergedWhoeverWins(Side side, string outcome)
    {
        await using var world = await InConflict(alsoDate: true);
        await world.Conflicts.ResolveAsync("default", Event, side, "tester", SyncWorld.Cancel);
        await world.Settle();
        await BothSay(world, outcome);
        Assert.Equal("2019-02-12", (await Local(world))["date"]!.GetValue<string>());
        Assert.Equal("2019-02-12", Remote(world)["date"]!.GetValue<string>());
    }

    [Fact]
    public async Task WhatAPersonMergedStandsOnBothSides()
    {
        await using var world = await InConflict();
        var merged = await Local(world);
        merged["outcome"] = Outcome("resolvedWithSequelae");
        Assert.True((await world.Conflicts.MergeAsync("default", Event, Encoding.UTF8.GetBytes(merged.ToJsonString()), "tester", SyncWorld.Cancel)).Succeeded);
        await world.Settle();
        await BothSay(world, "resolvedWithSequelae");
        Assert.Empty(await world.Conflicts.ListAsync(null, SyncWorld.Cancel));
    }

    [Fact]
    public async Task AMergedVersionThatIsNotValidIsRefusedAndNothingIsDecided()
    {
        await using var world = await InConflict();
        var merged = await Local(world);
        merged.Remove("subject");
        Assert.Equal(FailureKind.Unprocessable, (await world.Conflicts.MergeAsync("default", Event, Encoding.UTF8.GetBytes(merged.ToJsonString()), "tester", SyncWorld.Cancel)).Failure!.Kind);
        Assert.Null(Assert.Single(await world.Conflicts.ListAsync(null, SyncWorld.Cancel)).Decided);
    }

    [Fact]
    public async Task ADecisionAboutAVersionThatIsNotThereAnyMoreIsAskedForAgain()
    {
        await using var world = await InConflict();
        await world.Conflicts.ResolveAsync("default", Event, Side.Trial, "tester", SyncWorld.Cancel);
        Edit(world, body => body["outcome"] = Outcome("fatal"));
        await world.Settle();
        Assert.Contains("fatal", Remote(world)["outcome"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("recovering", (await Local(world))["outcome"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Null(Assert.Single(await world.Conflicts.ListAsync(null, SyncWorld.Cancel)).Decided);
    }

    [Fact]
    public async Task NothingIsWrittenBeforeSomebodyDecides()
    {
        await using var world = await InConflict();
        var before = await world.Totals();
        await world.Run();
        await world.Run();
        Assert.Equal(before, await world.Totals());
        Assert.False((await world.Conflicts.ResolveAsync("default", "AdverseEvent/other", Side.Trial, "tester", SyncWorld.Cancel)).Succeeded);
        Assert.False((await world.Conflicts.ResolveAsync("elsewhere", Event, Side.Trial, "tester", SyncWorld.Cancel)).Succeeded);
        Assert.False((await world.Conflicts.ResolveAsync("default", "hospital", Side.Trial, "tester", SyncWorld.Cancel)).Succeeded);
    }

    [Theory]
    [InlineData(Side.Trial, 1)]
    [InlineData(Side.Hospital, 0)]
    public async Task WhatVanishedIsDeliveredAnewOrLeftAway(Side side, int there)
    {
        await using var world = await Delivered();
        world.Hospital.Expunge(Assert.Single(world.Hospital.Living("AdverseEvent")).Key);
        await world.Put(AdverseEvents.Pneumonia("ae-1", await Subject(world), outcome: "recovering"));
        await world.Settle();
        Assert.Equal(OpenKind.Lost, Assert.Single(await world.Conflicts.ListAsync(null, SyncWorld.Cancel)).Kind);
        Assert.True((await world.Conflicts.ResolveAsync("default", Event, side, "tester", SyncWorld.Cancel)).Succeeded);
        await world.Settle();
        Assert.Equal(there, world.Hospital.Living("AdverseEvent").Count());
        Assert.Equal(1 - there, (await world.Conflicts.ListAsync(null, SyncWorld.Cancel)).Count);
    }

    [Fact]
    public async Task WhatWasRefusedIsSentOnceMore()
    {
        await using var world = await SyncWorld.Make();
        world.AddPatient("p1");
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        world.Hospital.Interfere = (request, done) => !done && request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath.EndsWith("/AdverseEvent", StringComparison.Ordinal) ? MemoryHospital.Outcome(422) : null;
        await world.Settle();
        world.Hospital.Interfere = null;
        await world.Settle();
        Assert.Empty(world.Hospital.Living("AdverseEvent"));
        Assert.Equal((OpenKind.Refused, Event), (await world.Conflicts.ListAsync(null, SyncWorld.Cancel)) is [var open] ? (open.Kind, open.Reference) : default);
        Assert.True((await world.Conflicts.ResolveAsync("default", Event, Side.Trial, "tester", SyncWorld.Cancel)).Succeeded);
        await world.Settle();
        Assert.Single(world.Hospital.Living("AdverseEvent"));
    }

    [Fact]
    public async Task AFrozenPatientGoesOnAfterAPersonHasLookedAndFreezesAgainAtAnotherMerge()
    {
        await using var world = await Delivered();
        Merge(world, "Patient/survivor");
        await world.Run();
        world.AddCrp("crp-1", "p1", "12");
        await world.Run();
        var frozen = Assert.Single(await world.Conflicts.ListAsync(null, SyncWorld.Cancel));
        Assert.Equal((OpenKind.Frozen, 0), (frozen.Kind, (await world.Trial("Observation")).Count));
        Assert.True((await world.Conflicts.ResolveAsync("default", frozen.Reference, Side.Trial, "tester", SyncWorld.Cancel)).Succeeded);
        await world.Settle();
        Assert.Single(await world.Trial("Observation"));
        Assert.Empty(await world.Conflicts.ListAsync(null, SyncWorld.Cancel));
        Merge(world, "Patient/another");
        await world.Run();
        Assert.Equal(OpenKind.Frozen, Assert.Single(await world.Conflicts.ListAsync(null, SyncWorld.Cancel)).Kind);
    }

    [Fact]
    public async Task ASuspectHospitalIsWrittenToAgainAfterAPersonHasLooked()
    {
        await using var world = await Delivered();
        await world.Store.Commit(new WriteBatch([], null) { Statements = [LedgerWrites.Suspect("default")] }, SyncWorld.Cancel);
        await world.Put(AdverseEvents.Pneumonia("ae-1", await Subject(world), outcome: "recovering"));
        await world.Run();
        Assert.Contains("resolved", Remote(world)["outcome"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal((OpenKind.Suspect, "hospital"), (await world.Conflicts.ListAsync(null, SyncWorld.Cancel)) is [var open] ? (open.Kind, open.Reference) : default);
        Assert.True((await world.Conflicts.ResolveAsync("default", "hospital", Side.Trial, "tester", SyncWorld.Cancel)).Succeeded);
        await world.Run();
        Assert.Contains("recovering", Remote(world)["outcome"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryDecisionIsInTheAudit()
    {
        await using var world = await InConflict();
        await world.Conflicts.ResolveAsync("default", Event, Side.Hospital, "tester", SyncWorld.Cancel);
        Assert.Contains(await world.Store.Audit(new AuditQuery(), SyncWorld.Cancel), row => row.Entry is { Actor: "tester", Action: "resolve" });
        await world.Settle();
        Assert.Contains(await world.Store.Audit(new AuditQuery(Type: "AdverseEvent", Id: "ae-1"), SyncWorld.Cancel), row => row.Entry is { Actor: "sync:default", Action: "merge" });
    }

    [Fact]
    public async Task ALedgerOfTheFirstVersionGetsWhatDecisionsNeed()
    {
        await using var world = await SyncWorld.Make();
        var rows = await world.Store.Query(SideQuery.Of("SELECT decision FROM sync_conflict"), SyncWorld.Cancel);
        Assert.Empty(rows);
        Assert.Equal(3, SyncTables.Schema.Steps.Count);
    }

    private static async Task<SyncWorld> Delivered()
    {
        var world = await SyncWorld.Make();
        world.AddPatient("p1");
        await world.Put(AdverseEvents.Pneumonia("ae-1", await world.Enrol()));
        await world.Settle();
        return world;
    }

    private static async Task<SyncWorld> InConflict(bool alsoDate = false)
    {
        var world = await Delivered();
        Edit(world, body =>
        {
            body["outcome"] = Outcome("ongoing");
            if (alsoDate)
            {
                body["date"] = "2019-02-12";
            }
        });
        await world.Put(AdverseEvents.Pneumonia("ae-1", await Subject(world), outcome: "recovering"));
        Assert.Equal(1, (await world.Run()).Conflicts);
        return world;
    }

    private static async Task<EnrolledSubject> Subject(SyncWorld world) => Assert.Single(await world.Enroller.ListAsync(null, SyncWorld.Cancel));

    private static JsonNode Outcome(string outcome)
    {
        var subject = new EnrolledSubject("default", SyncWorld.Study, "x", "y", "z", "001", default, EnrolmentState.Active, null);
        return JsonNode.Parse(AdverseEvents.Pneumonia("ae-1", subject, outcome: outcome).Utf8.Span)!["outcome"]!.DeepClone();
    }

    private static void Merge(SyncWorld world, string survivor)
    {
        var patient = world.Hospital.Current("Patient/p1")!.DeepClone().AsObject();
        patient["link"] = new JsonArray(new JsonObject { ["type"] = "replaced-by", ["other"] = new JsonObject { ["reference"] = survivor } });
        world.Hospital.Ward("Patient/p1", patient);
    }

    private static void Edit(SyncWorld world, Action<JsonObject> edit)
    {
        var (key, body) = Assert.Single(world.Hospital.Living("AdverseEvent"));
        var edited = body.DeepClone().AsObject();
        edit(edited);
        world.Hospital.Ward(key, edited);
    }

    private static JsonObject Remote(SyncWorld world) => Assert.Single(world.Hospital.Living("AdverseEvent")).Body;

    private static async Task<JsonObject> Local(SyncWorld world) => Assert.Single(await world.Trial("AdverseEvent"));

    private static async Task BothSay(SyncWorld world, string outcome)
    {
        Assert.Contains($"\"{outcome}\"", Remote(world)["outcome"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains($"\"{outcome}\"", (await Local(world))["outcome"]!.ToJsonString(), StringComparison.Ordinal);
    }

    private static async Task NothingMoves(SyncWorld world)
    {
        await world.Settle();
        var before = await world.Totals();
        await world.Run();
        await world.Run();
        Assert.Equal(before, await world.Totals());
    }
}
