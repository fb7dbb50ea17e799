using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AtcFhir.Tests.Server.Intake;

/// <summary>Whose data it is that comes in at /ehr. Under Validation:OnWrite=Enforce.</summary>
public sealed class EhrRoutesTests
{
    private static readonly string[] TwoHospitals = ["Hospitals:north:Senders:0=north-ehr", "Hospitals:north:Senders:1=engine", "Hospitals:south:Senders:0=south-ehr", "Hospitals:south:Senders:1=engine"];

    [Fact]
    public async Task TheSamePatientIdMeansAnotherPatientByWhoSends()
    {
        await using var app = await AppOfTokens();
        var (north, south) = (await Enrol(app, "north"), await Enrol(app, "south"));

        var (ofNorth, ofSouth) = (await app.Post("/ehr/Observation", Ecog(1), As("north-ehr")), await app.Post("/ehr/Observation", Ecog(3), As("south-ehr")));

        Assert.True((ofNorth.Status, ofSouth.Status) == (201, 201), ofNorth.Text + ofSouth.Text);
        Assert.Equal((north, 1), await Stored(app, ofNorth));
        Assert.Equal((south, 3), await Stored(app, ofSouth));
    }

    [Fact]
    public async Task AClientOfTwoHospitalsSaysForWhichItSends()
    {
        await using var app = await AppOfTokens();
        var south = await Enrol(app, "south");

        (await app.Post("/ehr/Observation", Ecog(1), As("engine"))).Refuses(400, "required");
        (await app.Post("/ehr/Observation", Ecog(1), As("engine"), ("X-Hospital", "north"))).Refuses(422, "business-rule");
        Assert.Equal((south, 2), await Stored(app, await app.Post("/ehr/Observation", Ecog(2), As("engine"), ("X-Hospital", "south"))));
    }

    [Fact]
    public async Task NobodySendsForAHospitalThatDoesNotListThem()
    {
        await using var app = await AppOfTokens();

        (await app.Post("/ehr/Observation", Ecog(1), As("stranger"))).Refuses(403, "forbidden");
        (await app.Post("/ehr/Observation", Ecog(1), As("north-ehr"), ("X-Hospital", "south"))).Refuses(403, "forbidden");
    }

    [Fact]
    public async Task InOpenModeTheRequestMayNameTheHospital()
    {
        await using var app = await new ServerApp(TwoHospitals).Ready();
        var (here, north) = (await Enrol(app, "default"), await Enrol(app, "north"));

        Assert.Equal((here, 1), await Stored(app, await app.Post("/ehr/Observation", Ecog(1))));
        Assert.Equal((north, 2), await Stored(app, await app.Post("/ehr/Observation", Ecog(2), ("X-Hospital", "north"))));
        (await app.Post("/ehr/Observation", Ecog(2), ("X-Hospital", "west"))).Refuses(403, "forbidden");
    }

    private static string Ecog(int value) => $$"""{"resourceType":"Observation","id":"e1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"89247-1"}]},"subject":{"reference":"Patient/123"},"effectiveDateTime":"2019-03-01","valueInteger":{{value}}}""";

    private static (string, string) As(string client) => ("X-Test-Client", client);

    private static async Task<ServerApp> AppOfTokens() => await new ServerApp(services => services.AddSingleton<AccessPolicy>(new ClientByHeader()), TwoHospitals).Ready();

    private static async Task<string> Enrol(ServerApp app, string hospital)
    {
        var enrolled = await app.Post("ResearchStudy/atc-anakinra1/$enroll", $$"""{"resourceType":"Parameters","parameter":[{"name":"patient","valueString":"Patient/123"},{"name":"consent","valueDate":"2019-01-15"},{"name":"hospital","valueString":"{{hospital}}"}]}""");
        Assert.True(enrolled.Status == 201, enrolled.Text);
        return (string)enrolled.Json["parameter"]!.AsArray().Single(parameter => (string?)parameter!["name"] == "patient")!["valueReference"]!["reference"]!;
    }

    private static async Task<(string Patient, int Value)> Stored(ServerApp app, Reply taken)
    {
        Assert.True(taken.Status == 201, taken.Text);
        var stored = await app.Get(new Uri(taken.Header("Location")!).AbsolutePath);
        return ((string)stored.Json["subject"]!["reference"]!, (int)stored.Json["valueInteger"]!);
    }

    /// <summary>Stands for the tokens of an issuer: the client is who the header says.</summary>
    private sealed class ClientByHeader : AccessPolicy
    {
        public override ValueTask<Result<Access>> Identify(HttpContext http)
        {
            var client = http.Request.Headers["X-Test-Client"].ToString();
            return ValueTask.FromResult<Result<Access>>(client.Length == 0 ? Access.Local : new Access("client:" + client, [], IsEhr: true, Client: client));
        }
    }
}
