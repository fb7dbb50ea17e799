using AtcFhir.Sync.Reports;

namespace AtcFhir.Tests.Sync;

public sealed class SyncPassTests
{
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

    [Fact]
    public async Task ASecondRunChangesNothingOnEitherSide()
    {
        await using var world = await SyncWorld.Make();
        world.AddPatient("p1");
        world.AddCrp("crp-1", "p1", "12");
        await world.Enrol();
        var first = await world.Run();
        Assert.True(first.Pushed > 0);
        await world.Settle();
        var before = await world.Totals();
        var second = await world.Run();
        Assert.Empty(second.Faults);
        Assert.True(second.Pulled > 0);
        Assert.Equal(before, await world.Totals());
        Assert.Equal((0, 0), (second.Mapped, second.Pushed));
    }
}
