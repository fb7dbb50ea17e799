using AtcFhir.Store;
using AtcFhir.Store.Side;
using AtcFhir.Sync.Reports;

namespace AtcFhir.Tests.Sync;

public sealed class SyncPassTests
{
    public static TheoryData<string> Hospitals => ["plain", "epic-like", "small", "normalising"];

    [Theory]
    [InlineData("Integer", "suspect")]
    [InlineData("Opaque", "running")]
    public async Task AVersionThatWentDownIsSuspectOnlyWhereVersionsAreNumbers(string form, string state)
    {
        await using var world = await SyncWorld.Make();
        world.AddPatient("p1");
        world.AddCrp("crp-1", "p1", "12");
        world.AddCrp("crp-1", "p1", "13");
        await world.Enrol();
        await world.Settle();
        await world.Store.Commit(new WriteBatch([], null) { Statements = [SideStatement.Of("UPDATE sync_hospital SET profile = replace(profile, $1, $2)", "\"Versions\":\"Integer\"", $"\"Versions\":\"{form}\"")] }, SyncWorld.Cancel);
        world.Hospital.Expunge("Observation/crp-1");
        world.AddCrp("crp-1", "p1", "14");
        await world.Run();
        Assert.Equal(state, Assert.Single(await world.Status.ReadAsync(SyncWorld.Cancel)).State);
    }

    [Fact]
    public async Task ALaboratoryResultOfAnEnrolledPatientBecomesATrialRecord()
    {
        await using var world = await SyncWorld.Make();
        world.AddPatient("p1");
        world.AddCrp("crp-1", "p1", "12.50");
        var subject = await world.Enrol();
        var report = await world.Run();
        Assert.Empty(report.Faults);
        Assert.Equal(1, report.Mapped);
        var crp = Assert.Single(await world.Trial("Observation"));
        Assert.Equal("Patient/" + subject.PatientId, crp["subject"]!["reference"]!.GetValue<string>());
        Assert.Equal("12.50", crp["valueQuantity"]!["value"]!.ToJsonString());
        Assert.NotEqual("crp-1", crp["id"]!.GetValue<string>());
        var records = await world.Store.Records(new AtcFhir.Store.Records.RecordQuery(Concept: "c-reactive-protein", Subject: subject.PatientId), SyncWorld.Cancel);
        Assert.Single(records.Records);
    }

    [Theory]
    [MemberData(nameof(Hospitals))]
    public async Task ASecondRunRereadsTheOverlapAndChangesNothingOnEitherSide(string hospital)
    {
        await using var world = await SyncWorld.Make(TraitsOf(hospital));
        world.AddPatient("p1");
        for (var i = 0; i < 5; i++)
        {
            world.AddCrp("crp-" + i, "p1", (10 + i).ToString(CultureInfo.InvariantCulture));
        }

        var subject = await world.Enrol();
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        var first = await world.Run();
        Assert.Empty(first.Faults);
        Assert.Equal(5, first.Mapped);
        Assert.InRange(await world.Settle(), 1, 3);
        var before = await world.Totals();
        var second = await world.Run();
        Assert.Empty(second.Faults);
        Assert.True(second.Pulled >= 5);
        Assert.Equal(before, await world.Totals());
        Assert.Equal((0, 0, 0), (second.Mapped, second.Pushed, second.Quarantined));
    }

    [Theory]
    [MemberData(nameof(Hospitals))]
    public async Task ACorrectionAtTheHospitalArrivesAsANewVersion(string hospital)
    {
        await using var world = await SyncWorld.Make(TraitsOf(hospital));
        world.AddPatient("p1");
        world.AddCrp("crp-1", "p1", "12");
        await world.Enrol();
        await world.Settle();
        world.AddCrp("crp-1", "p1", "21", status: "amended");
        await world.Run();
        var crp = Assert.Single(await world.Trial("Observation"));
        Assert.Equal(("21", "amended"), (crp["valueQuantity"]!["value"]!.ToJsonString(), crp["status"]!.GetValue<string>()));
    }

    [Fact]
    public async Task TheEcogExamplesOfMcodeArriveAsTrialRecords()
    {
        await using var world = await SyncWorld.Make();
        world.AddPatient("p1");
        var subject = await world.Enrol();
        foreach (var file in Directory.GetFiles(Path.Combine(Trial.Repository.Root, "tests", "AtcFhir.Tests", "Trial", "mcode"), "*.json").Order(StringComparer.Ordinal))
        {
            var ecog = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(file, SyncWorld.Cancel))!.AsObject();
            ecog["subject"] = new System.Text.Json.Nodes.JsonObject { ["reference"] = "Patient/p1" };
            ecog["effectiveDateTime"] = "2019-02-12";
            world.Hospital.Ward(ecog.ToJsonString());
        }

        var report = await world.Run();
        Assert.Equal((2, 0), (report.Mapped, report.Quarantined));
        var records = await world.Store.Records(new AtcFhir.Store.Records.RecordQuery(Concept: "ecog-performance-status", Subject: subject.PatientId), SyncWorld.Cancel);
        Assert.Equal(2, records.Records.Count);
        Assert.All(await world.Trial("Observation"), ecog => Assert.Equal("89247-1", ecog["code"]!["coding"]![0]!["code"]!.GetValue<string>()));
    }

    [Fact]
    public async Task WhatWasEnteredInErrorStaysAsEnteredInError()
    {
        await using var world = await SyncWorld.Make();
        world.AddPatient("p1");
        world.AddCrp("crp-1", "p1", "12");
        await world.Enrol();
        await world.Settle();
        world.AddCrp("crp-1", "p1", "12", status: "entered-in-error");
        await world.Run();
        Assert.Equal("entered-in-error", Assert.Single(await world.Trial("Observation"))["status"]!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Hospitals))]
    public async Task WhatTheHospitalDeletedGoesAfterARead(string hospital)
    {
        await using var world = await SyncWorld.Make(TraitsOf(hospital));
        world.AddPatient("p1");
        world.AddCrp("crp-1", "p1", "12");
        world.AddCrp("crp-2", "p1", "13");
        await world.Enrol();
        await world.Settle();
        world.Hospital.Ward("Observation/crp-1", null);
        for (var hours = 0; hours < 3; hours++)
        {
            world.Time.Advance(TimeSpan.FromHours(25)); // the next sweep
            await world.Run();
        }

        Assert.Single(await world.Trial("Observation"));
    }

    [Fact]
    public async Task ManyMissingAtOnceAreNotTakenAsDeleted()
    {
        await using var world = await SyncWorld.Make();
        world.AddPatient("p1");
        for (var i = 0; i < 10; i++)
        {
            world.AddCrp("crp-" + i, "p1", "12");
        }

        await world.Enrol();
        await world.Settle();
        for (var i = 0; i < 8; i++)
        {
            world.Hospital.Ward("Observation/crp-" + i, null);
        }

        world.Time.Advance(TimeSpan.FromHours(25));
        var report = await world.Run();
        Assert.Contains(report.Faults, fault => fault.What.Contains("not listed any more", StringComparison.Ordinal));
        Assert.Equal(10, (await world.Trial("Observation")).Count);
    }

    [Fact]
    public async Task CodesOutsideTheCatalogueAreCountedOnceAndNotStored()
    {
        await using var world = await SyncWorld.Make();
        world.AddPatient("p1");
        world.Hospital.Ward(SyncWorld.Crp("bp-1", "p1", "120").Replace("1988-5", "8480-6", StringComparison.Ordinal));
        await world.Enrol();
        await world.Run();
        var report = await world.Run();
        Assert.Equal("Observation http://loinc.org|8480-6", Assert.Single(report.Skipped).Key);
        Assert.Empty(await world.Trial("Observation"));
        Assert.Equal(1, Assert.Single(Assert.Single(await world.Status.ReadAsync(SyncWorld.Cancel)).Skipped).Value);
    }

    [Fact]
    public async Task APatientWhoIsNotEnrolledIsNeverAskedFor()
    {
        await using var world = await SyncWorld.Make();
        world.AddPatient("p1");
        world.AddPatient("stranger");
        world.AddCrp("crp-9", "stranger", "99");
        await world.Enrol();
        await world.Settle();
        Assert.DoesNotContain(world.Hospital.Requests, request => request.Contains("stranger", StringComparison.Ordinal));
        Assert.Empty(await world.Trial("Observation"));
    }

    [Fact]
    public async Task AfterWithdrawalNothingIsReadOrSent()
    {
        await using var world = await SyncWorld.Make();
        world.AddPatient("p1");
        world.AddCrp("crp-1", "p1", "12");
        var subject = await world.Enrol();
        await world.Settle();
        Assert.True((await world.Enroller.EndAsync(subject.PatientId, AtcFhir.Sync.Enrolment.EnrolmentState.Withdrawn, "tester", SyncWorld.Cancel)).Succeeded);
        world.AddCrp("crp-2", "p1", "13");
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        world.Hospital.Requests.Clear();
        var writes = world.Hospital.Writes;
        await world.Run();
        Assert.DoesNotContain(world.Hospital.Requests, request => request.Contains("p1", StringComparison.Ordinal));
        Assert.Equal(writes, world.Hospital.Writes);
        Assert.Single(await world.Trial("Observation"));
    }

    [Fact]
    public async Task NeitherTheTrialDatabaseNorTheLogHoldsAnythingOfTheHospitalsPatient()
    {
        await using var world = await SyncWorld.Make();
        world.AddPatient("patient-4711");
        world.AddCrp("specimen-0815", "patient-4711", "12");
        world.Hospital.Ward(SyncWorld.Crp("specimen-0816", "patient-4711", "\"x\"").Replace("\"value\":\"x\"", "\"value\":12", StringComparison.Ordinal).Replace("\"mg/L\"", "\"furlong\"", StringComparison.Ordinal));
        var subject = await world.Enrol("patient-4711");
        await world.Put(AdverseEvents.Pneumonia("ae-1", subject));
        await world.Settle();
        await world.Store.DisposeAsync();
        var trial = ReadAll(world.TrialDatabase);
        var keys = ReadAll(world.KeyDatabase);
        foreach (var secret in new[] { "patient-4711", "specimen-0815", "specimen-0816", "Jansen", "Pieter", "ward-", "1951-04-05", "wife" })
        {
            Assert.DoesNotContain(secret, trial, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, keys, StringComparison.Ordinal);
            Assert.DoesNotContain(world.Log.Lines, line => line.Contains(secret, StringComparison.Ordinal));
        }

        Assert.Contains("c-reactive-protein", trial, StringComparison.Ordinal);
    }

    private static string ReadAll(string database)
        => string.Concat(new[] { database, database + "-wal" }.Where(File.Exists).Select(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            return reader.ReadToEnd();
        }));

    internal static HospitalTraits TraitsOf(string name) => name switch
    {
        "plain" => HospitalTraits.Plain,
        "epic-like" => HospitalTraits.EpicLike,
        "small" => HospitalTraits.Small,
        _ => HospitalTraits.Plain with { Normalises = true },
    };
}
