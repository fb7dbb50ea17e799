using System.Text.Json.Nodes;
using AtcFhir.Sync.Push;

namespace AtcFhir.Tests.Sync.Push;

public sealed class PushWorkTests
{
    [Fact]
    public async Task StudySubjectAndAdverseEventArriveWithTheirClosureAndTheHospitalsOwnReferences()
    {
        await using var world = await World();
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        var report = await world.Run();
        Assert.Empty(report.Faults);
        var study = Assert.Single(world.Hospital.Living("ResearchStudy"));
        var enrolled = Assert.Single(world.Hospital.Living("ResearchSubject"));
        var happened = Assert.Single(world.Hospital.Living("AdverseEvent"));
        Assert.Equal("Patient/p1", enrolled.Body["individual"]!["reference"]!.GetValue<string>());
        Assert.Equal(study.Key, enrolled.Body["study"]!["reference"]!.GetValue<string>());
        Assert.Equal("Patient/p1", happened.Body["subject"]!["reference"]!.GetValue<string>());
        Assert.Equal(study.Key, happened.Body["study"]![0]!["reference"]!.GetValue<string>());
        Assert.NotEmpty(world.Hospital.Living("Organization"));
        Assert.NotEmpty(world.Hospital.Living("Location"));
        Assert.StartsWith("Organization/h", study.Body["sponsor"]!["reference"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsPushedNamesNothingThatOnlyTheTrialKnows()
    {
        await using var world = await World();
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        await world.Settle();
        foreach (var type in new[] { "ResearchStudy", "ResearchSubject", "AdverseEvent" })
        {
            foreach (var (_, body) in world.Hospital.Living(type))
            {
                Assert.DoesNotContain(subject.PatientId, body.ToJsonString(), StringComparison.Ordinal);
                Assert.DoesNotContain("\"reference\":\"PlanDefinition", body.ToJsonString(), StringComparison.Ordinal);
                Assert.Null(body["meta"]);
            }
        }
    }

    [Fact]
    public async Task ReferencesThatStayWithTheTrialBecomeAbsoluteUnderThePublicUrl()
    {
        await using var world = await World();
        world.Sync.PublicBase = new Uri("https://trial.example/fhir/");
        await world.Run();
        Assert.Contains("https://trial.example/fhir/PlanDefinition/", Assert.Single(world.Hospital.Living("ResearchStudy")).Body.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AChangeIsSentAsOneNewVersion()
    {
        await using var world = await World();
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        await world.Settle();
        var writes = world.Hospital.Writes;
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject, outcome: "recovering"));
        var report = await world.Run();
        Assert.Equal((1, writes + 1), (report.Pushed, world.Hospital.Writes));
        Assert.Contains("recovering", Assert.Single(world.Hospital.Living("AdverseEvent")).Body["outcome"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnEditOfTheSameElementAtTheHospitalIsKeptForAPersonAndNotOverwritten(bool hasIfMatch)
    {
        await using var world = await World(HospitalTraits.Plain with { HonoursIfMatch = hasIfMatch });
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        await world.Settle();
        var (key, body) = Assert.Single(world.Hospital.Living("AdverseEvent"));
        var edited = body.DeepClone().AsObject();
        edited["outcome"] = JsonNode.Parse(AdverseEvents.Pneumonia("ae-1", subject, outcome: "ongoing").Utf8.Span)!["outcome"]!.DeepClone();
        world.Hospital.Ward(key, edited);
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject, outcome: "recovering"));
        var report = await world.Run();
        Assert.Equal((1, 0), (report.Conflicts, report.Merged));
        Assert.Contains("ongoing", world.Hospital.Current(key)!["outcome"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Single(await world.Trial("Task"), task => task["focus"]?["reference"]?.GetValue<string>() == "AdverseEvent/ae-1");
        var settled = await world.Totals();
        await world.Run();
        Assert.Equal(settled, await world.Totals());
    }

    [Fact]
    public async Task ALostAnswerToACreateIsFoundOutAndNotRepeated()
    {
        await using var world = await World(HospitalTraits.Plain with { HonoursIfNoneExist = false });
        await world.Settle();
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        world.Hospital.Interfere = (request, done) => request.Method == HttpMethod.Post && done ? throw new HttpRequestException(HttpRequestError.ResponseEnded) : null;
        var report = await world.Run();
        Assert.NotEmpty(report.Faults);
        world.Hospital.Interfere = null;
        await world.Settle();
        Assert.Single(world.Hospital.Living("ResearchSubject"));
        Assert.Single(world.Hospital.Living("AdverseEvent"));
    }

    [Fact]
    public async Task ALostAnswerToAnUpdateMakesOneVersion()
    {
        await using var world = await World();
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        await world.Settle();
        var writes = world.Hospital.Writes;
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject, outcome: "recovering"));
        world.Hospital.Interfere = (request, done) => request.Method == HttpMethod.Put && done ? throw new HttpRequestException(HttpRequestError.ResponseEnded) : null;
        await world.Run();
        world.Hospital.Interfere = null;
        await world.Settle();
        Assert.Equal(writes + 1, world.Hospital.Writes);
    }

    [Fact]
    public async Task TheSameChangeTypedInAtTheHospitalIsNoConflict()
    {
        await using var world = await World();
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        await world.Settle();
        var (key, body) = Assert.Single(world.Hospital.Living("AdverseEvent"));
        var edited = body.DeepClone().AsObject();
        edited["outcome"] = JsonNode.Parse(AdverseEvents.Pneumonia("ae-1", subject, outcome: "recovering").Utf8.Span)!["outcome"]!.DeepClone();
        world.Hospital.Ward(key, edited);
        var writes = world.Hospital.Writes;
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject, outcome: "recovering"));
        var report = await world.Run();
        Assert.Equal((0, writes), (report.Conflicts, world.Hospital.Writes));
    }

    [Fact]
    public async Task WhatTheHospitalRefusesGoesToAPersonOnceAndHoldsNothingElse()
    {
        await using var world = await World();
        await world.Settle();
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        await world.Put(AdverseEvents.Pneumonia("ae-2", subject, grade: 4));
        world.Hospital.Interfere = (request, done) => !done && request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath.EndsWith("/AdverseEvent", StringComparison.Ordinal)
            && request.Content!.ReadAsStringAsync(SyncWorld.Cancel).GetAwaiter().GetResult().Contains("AdverseEvent-ae-1", StringComparison.Ordinal) ? MemoryHospital.Outcome(422) : null;
        await world.Run();
        var asked = world.Hospital.Requests.Count(request => request == "POST /fhir/AdverseEvent");
        await world.Run();
        Assert.Equal(asked, world.Hospital.Requests.Count(request => request == "POST /fhir/AdverseEvent"));
        Assert.Single(world.Hospital.Living("AdverseEvent"));
        var task = Assert.Single(await world.Trial("Task"));
        Assert.DoesNotContain("Jansen", task.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NothingThatCameFromTheHospitalOrWasDerivedFromItGoesBack()
    {
        await using var world = await World();
        world.AddCrp("crp-1", "p1", "12");
        var subject = await world.Enrol();
        await world.Settle();
        var crp = Assert.Single(await world.Trial("Observation"));
        var derived = JsonNode.Parse(SyncWorld.Crp("derived-1", "x", "15"))!.AsObject();
        derived["subject"] = new JsonObject { ["reference"] = "Patient/" + subject.PatientId };
        derived["derivedFrom"] = new JsonArray(new JsonObject { ["reference"] = "Observation/" + crp["id"] });
        derived.Remove("note");
        await world.Put(derived.ToJsonString());
        await world.Settle();
        Assert.Single(world.Hospital.Living("Observation"));
    }

    [Fact]
    public async Task ATrialObservationGoesToTheHospitalAndDoesNotComeBack()
    {
        await using var world = await World();
        var subject = await world.Enrol();
        var own = JsonNode.Parse(SyncWorld.Crp("own-1", "x", "15"))!.AsObject();
        own["subject"] = new JsonObject { ["reference"] = "Patient/" + subject.PatientId };
        await world.Put(own.ToJsonString());
        await world.Settle();
        Assert.Equal("Patient/p1", Assert.Single(world.Hospital.Living("Observation")).Body["subject"]!["reference"]!.GetValue<string>());
        Assert.Single(await world.Trial("Observation"));
    }

    [Fact]
    public async Task AFlowsheetRowIsFoundAgainByWhatItSaysAndDoesNotComeBack()
    {
        await using var world = await World(HospitalTraits.EpicLike);
        var subject = await world.Enrol();
        var own = JsonNode.Parse(SyncWorld.Crp("own-1", "x", "15"))!.AsObject();
        own["subject"] = new JsonObject { ["reference"] = "Patient/" + subject.PatientId };
        await world.Put(own.ToJsonString());
        world.Options.Delivery["Observation"] = DeliveryRoute.FlowsheetRow;
        world.Hospital.Interfere = (request, done) =>
        {
            if (done && request.Method == HttpMethod.Post)
            {
                world.Hospital.Interfere = null;
                throw new HttpRequestException(HttpRequestError.ResponseEnded);
            }

            return null;
        };
        await world.Run();
        world.Time.Advance(TimeSpan.FromMinutes(2));
        await world.Settle();
        Assert.Single(world.Hospital.Living("Observation"));
        Assert.Single(await world.Trial("Observation"));
        Assert.Null(world.Hospital.Living("Observation").Single().Body["identifier"]);
    }

    [Fact]
    public async Task AFlowsheetRowIsFinalAndWhatIsNotGoesToAPerson()
    {
        await using var world = await World(HospitalTraits.EpicLike);
        var subject = await world.Enrol();
        var own = JsonNode.Parse(SyncWorld.Crp("own-1", "x", "15", status: "preliminary"))!.AsObject();
        own["subject"] = new JsonObject { ["reference"] = "Patient/" + subject.PatientId };
        await world.Put(own.ToJsonString());
        world.Options.Delivery["Observation"] = DeliveryRoute.FlowsheetRow;
        await world.Settle();
        Assert.Empty(world.Hospital.Living("Observation"));
        Assert.Single(await world.Trial("Task"), task => task["focus"]!["reference"]!.GetValue<string>() == "Observation/own-1");
    }

    [Fact]
    public async Task WhereAHospitalTakesNoResearchResourcesAPersonGetsThem()
    {
        await using var world = await World(HospitalTraits.EpicLike);
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        var report = await world.Run();
        Assert.Empty(report.Faults);
        var tasks = await world.Trial("Task");
        Assert.Equal(["AdverseEvent/ae-1", "ResearchSubject/" + subject.SubjectId], tasks.Select(task => task["focus"]!["reference"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.Empty(world.Hospital.Living("ResearchSubject"));
        Assert.Equal(2, Assert.Single(await world.Status.ReadAsync(SyncWorld.Cancel)).Worklist);
    }

    [Theory]
    [InlineData(null, "serious")]
    [InlineData("serious", "serious")]
    [InlineData("Serious", "Serious")]
    public async Task SeriousnessIsSpelledAsTheHospitalsTerminologySpellsIt(string? known, string sent)
    {
        await using var world = await World(HospitalTraits.Plain with { Serious = known });
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        await world.Run();
        Assert.Equal(sent, Assert.Single(world.Hospital.Living("AdverseEvent")).Body["seriousness"]!["coding"]![0]!["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task WhatVanishedAtTheHospitalIsNotRecreatedWithoutAPerson()
    {
        await using var world = await World();
        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        await world.Settle();
        world.Hospital.Expunge(Assert.Single(world.Hospital.Living("AdverseEvent")).Key);
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject, outcome: "recovering"));
        await world.Settle();
        Assert.Empty(world.Hospital.Living("AdverseEvent"));
        Assert.Contains(await world.Trial("Task"), task => task["focus"]!["reference"]!.GetValue<string>() == "AdverseEvent/ae-1");
    }

    private static async Task<SyncWorld> World(HospitalTraits? traits = null)
    {
        var world = await SyncWorld.Make(traits);
        world.AddPatient("p1");
        return world;
    }
}
