using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.R4.Documents;
using AtcFhir.Sync.Border;
using AtcFhir.Sync.Enrolment;

namespace AtcFhir.Tests.Sync;

/// <summary>Two hospitals that call different patients, and different results, by the same ids.</summary>
public sealed class TwoHospitalsTests
{
    [Fact]
    public async Task TheSamePatientIdIsAnotherPatientAtEachHospital()
    {
        await using var world = await World();
        var (here, north) = (await world.Enrol(), await world.Enrol(hospital: "north"));
        Assert.NotEqual(here.PatientId, north.PatientId);
        Assert.Equal(("001", "002"), (here.SubjectNumber, north.SubjectNumber));
        Assert.Equal(["1951", "1970"], (await world.Trial("Patient")).Select(patient => patient["birthDate"]!.GetValue<string>()[..4]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task WhatIsPulledOfTheSameIdsStaysApart()
    {
        await using var world = await World();
        var (here, north) = (await world.Enrol(), await world.Enrol(hospital: "north"));
        world.AddCrp("crp-1", "p1", "12");
        world.North.Ward(SyncWorld.Crp("crp-1", "p1", "99"));
        await world.Run();
        await world.Run("north");
        await IsApart(world, here, north);
        var before = await world.Totals();
        await world.Run();
        await world.Run("north");
        Assert.Equal(before, await world.Totals());
    }

    [Fact]
    public async Task WhatIsSentOfTheSameIdsStaysApart()
    {
        await using var world = await World();
        var (here, north) = (await world.Enrol(), await world.Enrol(hospital: "north"));
        Assert.Equal(201, (await Send(world, "default", "12")).Status);
        Assert.Equal(201, (await Send(world, "north", "99")).Status);
        await IsApart(world, here, north);
    }

    [Fact]
    public async Task WhatIsSentByOneAndPulledFromTheOtherStaysApart()
    {
        await using var world = await World();
        var (here, north) = (await world.Enrol(), await world.Enrol(hospital: "north"));
        Assert.Equal(201, (await Send(world, "default", "12")).Status);
        world.North.Ward(SyncWorld.Crp("crp-1", "p1", "99"));
        await world.Run("north");
        await IsApart(world, here, north);
    }

    [Theory]
    [InlineData("default", "north")]
    [InlineData("north", "default")]
    public async Task APatientOfOneHospitalIsNobodyAtTheOther(string enrolled, string sender)
    {
        await using var world = await World();
        await world.Enrol(hospital: enrolled);
        var before = await world.Totals();
        Assert.Equal(422, (await Send(world, sender, "12")).Status);
        Assert.Equal(422, (await Send(world, sender, "12", byNumber: true)).Status);
        Assert.Equal(before, await world.Totals());
    }

    [Fact]
    public async Task TheSameContentWithoutIdsIsTwoResources()
    {
        await using var world = await World();
        await world.Enrol();
        await world.Enrol(hospital: "north");
        Assert.Equal(201, (await Send(world, "default", "12", id: null)).Status);
        Assert.Equal(201, (await Send(world, "north", "12", id: null)).Status);
        Assert.Equal(2, (await world.Trial("Observation")).Count);
    }

    [Fact]
    public async Task ATrialRecordGoesToTheHospitalOfItsPatientOnly()
    {
        await using var world = await World();
        await world.Enrol();
        var north = await world.Enrol(hospital: "north");
        await world.Put(AdverseEvents.Pneumonia("ae-1", north));
        await world.Run();
        await world.Run("north");
        Assert.Empty(world.Hospital.Living("AdverseEvent"));
        Assert.Single(world.North.Living("AdverseEvent"));
        Assert.Single(world.Hospital.Living("ResearchSubject"));
        Assert.Single(world.North.Living("ResearchSubject"));
    }

    [Fact]
    public async Task WithdrawalAtOneHospitalStopsNothingAtTheOther()
    {
        await using var world = await World();
        var here = await world.Enrol();
        await world.Enrol(hospital: "north");
        await world.Enroller.EndAsync(here.PatientId, EnrolmentState.Withdrawn, "tester", SyncWorld.Cancel);
        Assert.Equal((422, 201), ((await Send(world, "default", "12")).Status, (await Send(world, "north", "99")).Status));
    }

    private static async Task<SyncWorld> World()
    {
        var world = await SyncWorld.Make(withNorth: true);
        world.AddPatient("p1");
        world.North.Ward("""{"resourceType":"Patient","id":"p1","identifier":[{"system":"urn:oid:2.16.840.1.113883.2.4.6.3","value":"ward-p1-number"}],"name":[{"family":"Pietersen"}],"gender":"female","birthDate":"1970-11-12"}""");
        return world;
    }

    private static async Task IsApart(SyncWorld world, EnrolledSubject here, EnrolledSubject north)
    {
        var values = (await world.Trial("Observation")).Select(result => (Subject: result["subject"]!["reference"]!.GetValue<string>(), Value: result["valueQuantity"]!["value"]!.ToJsonString())).ToHashSet();
        Assert.Equal([("Patient/" + here.PatientId, "12"), ("Patient/" + north.PatientId, "99")], values);
    }

    private static Task<IntakeAnswer> Send(SyncWorld world, string hospital, string value, string? id = "crp-1", bool byNumber = false)
    {
        var crp = JsonNode.Parse(SyncWorld.Crp(id, "p1", value))!.AsObject();
        if (byNumber)
        {
            crp["subject"] = new JsonObject { ["identifier"] = new JsonObject { ["system"] = "urn:oid:2.16.840.1.113883.2.4.6.3", ["value"] = "ward-p1-number" } };
        }

        var body = ResourceDocument.Parse(Encoding.UTF8.GetBytes(crp.ToJsonString())).Value;
        return world.Intake.HandleAsync(new IntakeRequest("POST", "Observation", null, body, "https://trial.example/fhir", "ehr", "request-1", hospital), SyncWorld.Cancel);
    }
}
