using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.R4.Documents;
using AtcFhir.Sync.Conflicts;
using AtcFhir.Sync.Enrolment;

namespace AtcFhir.Tests.Sync.Push;

/// <summary>What trial and hospital make of the same delivered record.</summary>
public sealed class MergeTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task EditsOfDifferentElementsComeTogetherOnBothSides(bool hasIfMatch, bool normalises)
    {
        await using var world = await World(HospitalTraits.Plain with { HonoursIfMatch = hasIfMatch, Normalises = normalises });
        var (subject, key) = await Delivered(world);
        Edit(world, key, body => body["date"] = "2019-02-12");
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject, outcome: "recovering"));
        var report = await world.Run();
        Assert.Equal((0, 1, 1, 0), (report.Faults.Count, report.Merged, report.Pushed, report.Conflicts));
        foreach (var side in new[] { world.Hospital.Current(key)!, await Local(world) })
        {
            Assert.Equal("2019-02-12", side["date"]!.GetValue<string>());
            Assert.Contains("recovering", side["outcome"]!.ToJsonString(), StringComparison.Ordinal);
        }

        Assert.Empty(await world.Trial("Task"));
        await NothingMoves(world);
    }

    [Fact]
    public async Task TheTrialsRecordKeepsItsOwnReferencesWhenItTakesAnEditOver()
    {
        await using var world = await World();
        var (subject, key) = await Delivered(world);
        Edit(world, key, body => body["date"] = "2019-02-12");
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject, outcome: "recovering"));
        await world.Run();
        var local = await Local(world);
        Assert.Equal("Patient/" + subject.PatientId, local["subject"]!["reference"]!.GetValue<string>());
        Assert.Equal("Patient/p1", world.Hospital.Current(key)!["subject"]!["reference"]!.GetValue<string>());
        Assert.DoesNotContain("urn:atcfhir:", local.ToJsonString(), StringComparison.Ordinal);
        Assert.NotNull(local["meta"]!["profile"]);
    }

    [Fact]
    public async Task AnEditOfTheHospitalAloneIsTakenOverAndNothingIsSent()
    {
        await using var world = await World();
        var (_, key) = await Delivered(world);
        var writes = world.Hospital.Writes;
        Edit(world, key, body => body["date"] = "2019-02-12");
        await world.Settle();
        Assert.Equal(("2019-02-12", writes), ((await Local(world))["date"]!.GetValue<string>(), world.Hospital.Writes));
        Assert.Empty(await world.Trial("Task"));
        await NothingMoves(world);
    }

    [Fact]
    public async Task AValueOfOneTypeIsNeverMixedFromTwoSides()
    {
        await using var world = await World();
        var (subject, key) = await Delivered(world);
        Edit(world, key, body => body["outcome"]!["text"] = "seen in clinic");
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject, outcome: "recovering"));
        var report = await world.Run();
        Assert.Equal(1, report.Conflicts);
        Assert.DoesNotContain("recovering", world.Hospital.Current(key)!["outcome"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Null((await Local(world))["outcome"]!["text"]);
        Assert.Equal(["AdverseEvent.outcome"], Assert.Single(await world.Conflicts.ListAsync(null, SyncWorld.Cancel)).Elements);
    }

    [Fact]
    public async Task WhatTheHospitalHasOfItsOwnSurvivesAnUpdateAndStaysThere()
    {
        await using var world = await World();
        var (subject, key) = await Delivered(world);
        Edit(world, key, body => body["location"] = new JsonObject { ["display"] = "Ward 7" });
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject, outcome: "recovering"));
        var report = await world.Run();
        Assert.Equal((0, 1), (report.Conflicts, report.Pushed));
        Assert.Equal("Ward 7", world.Hospital.Current(key)!["location"]!["display"]!.GetValue<string>());
        Assert.Contains("recovering", world.Hospital.Current(key)!["outcome"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Null((await Local(world))["location"]);
        await NothingMoves(world);
    }

    [Fact]
    public async Task AHospitalAloneMakesNoEventLessSerious()
    {
        await using var world = await World();
        var (_, key) = await Delivered(world);
        Edit(world, key, body => body["seriousness"]!["coding"]![0]!["code"] = "non-serious");
        await world.Settle();
        Assert.Contains("\"serious\"", (await Local(world))["seriousness"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Single(await world.Conflicts.ListAsync(null, SyncWorld.Cancel));
    }

    [Fact]
    public async Task WhatTheTrialDoesNotTakeIsForAPerson()
    {
        await using var world = await World();
        var (subject, key) = await Delivered(world);
        Edit(world, key, body => body["event"]!["text"] = "Pneumonia of mr. Jansen-p1");
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject, outcome: "recovering"));
        await world.Settle();
        Assert.DoesNotContain("Jansen", (await Local(world)).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(OpenKind.Conflict, Assert.Single(await world.Conflicts.ListAsync("default", SyncWorld.Cancel)).Kind);
    }

    [Fact]
    public async Task AHospitalsEditOfTheStudyItselfIsForAPerson()
    {
        await using var world = await World();
        await world.Settle();
        var (key, _) = Assert.Single(world.Hospital.Living("ResearchStudy"));
        var title = (await world.Trial("ResearchStudy"))[0]["title"]!.GetValue<string>();
        Edit(world, key, body => body["title"] = "Another title");
        await world.Put(Retitled(await world.Store.Read("ResearchStudy", "atc-anakinra1", SyncWorld.Cancel) is { } stored ? stored.Body : default));
        await world.Settle();
        Assert.StartsWith(title[..10], (await world.Trial("ResearchStudy"))[0]["title"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("Another title", world.Hospital.Current(key)!["title"]!.GetValue<string>());
        Assert.Contains(await world.Conflicts.ListAsync(null, SyncWorld.Cancel), open => open.Reference == "ResearchStudy/atc-anakinra1");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ALostAnswerToAMergedUpdateMakesOneVersion(bool reached)
    {
        await using var world = await World();
        var (subject, key) = await Delivered(world);
        var writes = world.Hospital.Writes;
        Edit(world, key, body => body["date"] = "2019-02-12");
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject, outcome: "recovering"));
        world.Hospital.Interfere = (request, done) => request.Method == HttpMethod.Put && done == reached ? throw new HttpRequestException(HttpRequestError.ResponseEnded) : null;
        await world.Run();
        await world.Restart();
        world.Hospital.Interfere = null;
        world.Time.Advance(TimeSpan.FromMinutes(2));
        await world.Settle();
        // A 412 may have been lost, and the update sent once more; never a second version with the same content.
        Assert.Equal(writes + 1, world.Hospital.Writes);
        Assert.Equal("2019-02-12", (await Local(world))["date"]!.GetValue<string>());
        Assert.Contains("recovering", world.Hospital.Current(key)!["outcome"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(await world.Trial("Task"));
    }

    [Fact]
    public async Task AnEditWhileWeMergeIsMergedToo()
    {
        await using var world = await World();
        var (subject, key) = await Delivered(world);
        Edit(world, key, body => body["date"] = "2019-02-12");
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject, outcome: "recovering"));
        var between = 0;
        world.Hospital.Interfere = (request, done) =>
        {
            if (request.Method == HttpMethod.Put && !done && between++ == 0)
            {
                Edit(world, key, body => body["recordedDate"] = "2019-02-20");
            }

            return null;
        };
        await world.Run();
        world.Hospital.Interfere = null;
        await world.Settle();
        var there = world.Hospital.Current(key)!;
        Assert.Equal(("2019-02-12", "2019-02-20"), (there["date"]!.GetValue<string>(), there["recordedDate"]!.GetValue<string>()));
        Assert.Contains("recovering", there["outcome"]!.ToJsonString(), StringComparison.Ordinal);
    }

    private static async Task<SyncWorld> World(HospitalTraits? traits = null)
    {
        var world = await SyncWorld.Make(traits);
        world.AddPatient("p1");
        return world;
    }

    private static async Task<(EnrolledSubject Subject, string Key)> Delivered(SyncWorld world)
    {
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        await world.Settle();
        return (subject, Assert.Single(world.Hospital.Living("AdverseEvent")).Key);
    }

    private static void Edit(SyncWorld world, string key, Action<JsonObject> edit)
    {
        var body = world.Hospital.Current(key)!.DeepClone().AsObject();
        edit(body);
        world.Hospital.Ward(key, body);
    }

    private static async Task<JsonObject> Local(SyncWorld world) => Assert.Single(await world.Trial("AdverseEvent"));

    private static ResourceDocument Retitled(ReadOnlyMemory<byte> study)
    {
        var edited = JsonNode.Parse(study.Span)!.AsObject();
        edited["description"] = "Described anew";
        return ResourceDocument.Parse(Encoding.UTF8.GetBytes(edited.ToJsonString())).Value;
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
