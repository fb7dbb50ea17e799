namespace AtcFhir.Tests.Server.Fhir;

/// <summary>The sandbox hospital is the same handlers over another store; its persona says how it falls short. Under Validation:OnWrite=Enforce.</summary>
public class PersonaTests
{
    private const string Observation = """{"resourceType":"Observation","status":"final","code":{"text":"x"}}""";

    [Fact]
    public async Task ThePlainHospitalIsAWholeServerOfItsOwn()
    {
        using var folder = new TempFolder();
        await using var app = new ServerApp("Sandbox:Enabled=true", "Sandbox:ConnectionString=Data Source=" + folder.Path + "/sandbox.db");

        var created = await app.Post("/sandbox/fhir/Observation", Observation);

        Assert.Equal((201, "W/\"1\""), (created.Status, created.Header("ETag")));
        Assert.StartsWith("http://localhost/sandbox/fhir/Observation/", created.Header("Location"), StringComparison.Ordinal);
        Assert.Equal(404, (await app.Get("Observation/" + created.Id)).Status);
    }

    [Fact]
    public async Task TheEpicLikeHospitalShowsNoVersionsAndAnswersWithoutABody()
    {
        using var folder = new TempFolder();
        await using var app = new ServerApp("Sandbox:Enabled=true", "Sandbox:Persona=epic-like", "Sandbox:ConnectionString=Data Source=" + folder.Path + "/sandbox.db");

        var created = await app.Post("/sandbox/fhir/Observation", Observation, ("If-None-Exist", "identifier=x"));
        var location = created.Header("Location")!;
        var read = await app.Get(new Uri(location).AbsolutePath);

        Assert.Equal((201, 0), (created.Status, created.Bytes.Length));
        Assert.Null(created.Header("ETag"));
        Assert.Equal(88, location.Split('/')[^1].Length);
        Assert.Equal(200, read.Status);
        Assert.Null(read.Header("ETag"));
        Assert.Null(read.Json["meta"]);
        Assert.Equal(405, (await app.Post("/sandbox/fhir/AdverseEvent", "{}")).Status);
        Assert.Equal(405, (await app.Get(new Uri(location).AbsolutePath + "/_history")).Status);
        Assert.DoesNotContain("\"name\":\"_lastUpdated\"", (await app.Get("/sandbox/fhir/metadata")).Text, StringComparison.Ordinal);
    }
}
