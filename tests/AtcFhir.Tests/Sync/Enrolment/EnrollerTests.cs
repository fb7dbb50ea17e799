using System.Text.Json.Nodes;
using AtcFhir.R4.Outcomes;
using AtcFhir.Sync.Enrolment;

namespace AtcFhir.Tests.Sync.Enrolment;

public sealed class EnrollerTests
{
    [Fact]
    public async Task EnrolmentMakesPatientSubjectAndConsentUnderOneNumber()
    {
        await using var world = await SyncWorld.Make();
        world.AddPatient("p1");
        var subject = await world.Enrol();
        Assert.Equal("001", subject.SubjectNumber);
        var patient = Assert.Single(await world.Trial("Patient"));
        Assert.Equal(("1951", "male"), (patient["birthDate"]!.GetValue<string>(), patient["gender"]!.GetValue<string>()));
        Assert.Null(patient["name"]);
        var enrolled = Assert.Single(await world.Trial("ResearchSubject"));
        Assert.Equal("Patient/" + subject.PatientId, enrolled["individual"]!["reference"]!.GetValue<string>());
        Assert.Equal("Consent/" + subject.ConsentId, enrolled["consent"]!["reference"]!.GetValue<string>());
        Assert.Equal("2019-01-10", Assert.Single(await world.Trial("Consent"))["dateTime"]!.GetValue<string>());
    }

    [Fact]
    public async Task APatientIsEnrolledOnce()
    {
        await using var world = await SyncWorld.Make();
        world.AddPatient("p1");
        await world.Enrol();
        Assert.Equal(FailureKind.Conflict, (await Try(world, "Patient/p1")).Failure!.Kind);
        Assert.Equal(FailureKind.Conflict, (await Try(world, "http://hospital.test/fhir/Patient/p1")).Failure!.Kind);
        Assert.Single(await world.Trial("ResearchSubject"));
    }

    [Fact]
    public async Task ASubjectNumberIsGivenOnce()
    {
        await using var world = await SyncWorld.Make();
        world.AddPatient("p1");
        world.AddPatient("p2");
        await world.Enrol();
        Assert.Equal(FailureKind.Conflict, (await Try(world, "Patient/p2", "001")).Failure!.Kind);
        Assert.Equal("002", (await Try(world, "Patient/p2")).Value.SubjectNumber);
    }

    [Fact]
    public async Task APatientIsFoundByIdentifier()
    {
        await using var world = await SyncWorld.Make();
        world.AddPatient("p1");
        Assert.True((await Try(world, "urn:oid:2.16.840.1.113883.2.4.6.3|ward-p1-number")).Succeeded);
        Assert.Equal(FailureKind.Conflict, (await Try(world, "Patient/p1")).Failure!.Kind);
    }

    [Theory]
    [InlineData("Patient/nobody", FailureKind.NotFound)]
    [InlineData("Observation/1", FailureKind.Unprocessable)]
    public async Task WhoIsNoPatientOfTheHospitalIsRefused(string patient, FailureKind kind)
    {
        await using var world = await SyncWorld.Make();
        Assert.Equal(kind, (await Try(world, patient)).Failure!.Kind);
        Assert.Empty(await world.Trial("Patient"));
    }

    [Fact]
    public async Task AStudyThatIsNotThereIsRefused()
    {
        await using var world = await SyncWorld.Make();
        world.AddPatient("p1");
        var result = await world.Enroller.EnrollAsync(new EnrolmentRequest("ResearchStudy/other", "Patient/p1", new DateOnly(2019, 1, 10)), "tester", SyncWorld.Cancel);
        Assert.Equal(FailureKind.NotFound, result.Failure!.Kind);
    }

    [Theory]
    [InlineData(2, null, "consent")]
    [InlineData(0, 2, "inclusion")]
    public async Task ADayThatIsStillToComeIsRefused(int consent, int? inclusion, string name)
    {
        await using var world = await SyncWorld.Make();
        world.AddPatient("p1");
        var today = DateOnly.FromDateTime(world.Time.GetUtcNow().UtcDateTime);
        var result = await world.Enroller.EnrollAsync(
            new EnrolmentRequest("ResearchStudy/atc-anakinra1", "Patient/p1", today.AddDays(consent), InclusionDate: inclusion is { } days ? today.AddDays(days) : null), "tester", SyncWorld.Cancel);
        Assert.Equal(FailureKind.Unprocessable, result.Failure!.Kind);
        Assert.StartsWith($"The day of {name}, ", result.Failure.Issues[0].Text, StringComparison.Ordinal);
        Assert.Empty(await world.Trial("Patient"));
    }

    [Fact]
    public async Task WithdrawalEndsConsentAndParticipationAndKeepsWhatWasUsed()
    {
        await using var world = await SyncWorld.Make();
        world.AddPatient("p1");
        world.AddCrp("crp-1", "p1", "12");
        var subject = await world.Enrol();
        await world.Run();
        var ended = await world.Enroller.EndAsync(subject.PatientId, EnrolmentState.Withdrawn, "tester", SyncWorld.Cancel);
        Assert.Equal(EnrolmentState.Withdrawn, ended.Value.State);
        var consent = Assert.Single(await world.Trial("Consent"));
        Assert.Equal(("inactive", "2019-03-01"), (consent["status"]!.GetValue<string>(), consent["provision"]!["period"]!["end"]!.GetValue<string>()));
        Assert.Equal("withdrawn", Assert.Single(await world.Trial("ResearchSubject"))["status"]!.GetValue<string>());
        Assert.Single(await world.Trial("Observation"));
    }

    [Fact]
    public async Task OfSomebodyWhoLeftNothingIsKeptInQuarantine()
    {
        await using var world = await SyncWorld.Make();
        world.AddPatient("p1");
        var subject = await world.Enrol();
        world.Hospital.Ward(SyncWorld.Crp("crp-1", "p1", "12").Replace("\"mg/L\"", "\"furlong\"", StringComparison.Ordinal));
        await world.Settle();
        var held = Assert.Single(await world.Quarantine.ListAsync(null, SyncWorld.Cancel));
        await world.Enroller.EndAsync(subject.PatientId, EnrolmentState.Withdrawn, "tester", SyncWorld.Cancel);
        Assert.Empty(await world.Quarantine.ListAsync(null, SyncWorld.Cancel));
        Assert.Null(world.Keys.ReadBody(held.Id));
        Assert.Equal("completed", Assert.Single(await world.Trial("Task"), task => task["id"]!.GetValue<string>() == held.Id)["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task TheHospitalsGroupEnrolsWhoConsentedAndAnInactiveMemberWithdraws()
    {
        await using var world = await SyncWorld.Make();
        world.Options.EnrolmentGroup = "Group/trial";
        foreach (var id in new[] { "p1", "p2", "p3" })
        {
            world.AddPatient(id);
        }

        world.Hospital.Ward(Group(("p1", "2019-01-10", false), ("p2", null, false)));
        var report = await world.Run();
        Assert.Equal(1, report.Enrolled);
        Assert.Contains(report.Faults, fault => fault.What.Contains("member 2", StringComparison.Ordinal));
        world.Hospital.Ward(Group(("p1", "2019-01-10", true), ("p3", "2019-02-01", false)));
        await world.Run();
        Assert.Equal([(EnrolmentState.Withdrawn, "001"), (EnrolmentState.Active, "002")], (await world.Enroller.ListAsync(null, SyncWorld.Cancel)).Select(subject => (subject.State, subject.SubjectNumber)));
        world.Hospital.Ward(Group());
        await world.Run();
        Assert.Single(await world.Enroller.ListAsync(null, SyncWorld.Cancel), subject => subject.State == EnrolmentState.Active);
    }

    [Fact]
    public async Task AnEnrolmentThatWasCutShortIsCompletedUnderTheSameIds()
    {
        var crash = new CrashPlan();
        await using var world = await SyncWorld.Make(wrap: store => new CrashingStore(store, crash));
        world.AddPatient("p1");
        crash.At(CrashPoint.BeforeCommit, 1);
        await Assert.ThrowsAsync<Crash>(() => world.Enrol());
        crash.Clear();
        await world.Restart();
        var subject = await world.Enrol();
        Assert.Equal(subject.PatientId, world.Keys.PatientOf(world.Keys.Find(new AtcFhir.Sync.Keys.HospitalKey("default", "Patient", "p1"))!));
        Assert.Single(await world.Trial("Patient"));
    }

    private static Task<Result<EnrolledSubject>> Try(SyncWorld world, string patient, string? number = null)
        => world.Enroller.EnrollAsync(new EnrolmentRequest(SyncWorld.Study, patient, new DateOnly(2019, 1, 10), number), "tester", SyncWorld.Cancel);

    private static string Group(params (string Id, string? Start, bool Inactive)[] members)
    {
        var group = new JsonObject { ["resourceType"] = "Group", ["id"] = "trial", ["type"] = "person", ["actual"] = true };
        if (members.Length > 0)
        {
            group["member"] = new JsonArray([.. members.Select(member =>
            {
                var one = new JsonObject { ["entity"] = new JsonObject { ["reference"] = "Patient/" + member.Id } };
                if (member.Start is not null)
                {
                    one["period"] = new JsonObject { ["start"] = member.Start };
                }

                if (member.Inactive)
                {
                    one["inactive"] = true;
                }

                return (JsonNode)one;
            })]);
        }

        return group.ToJsonString();
    }
}
