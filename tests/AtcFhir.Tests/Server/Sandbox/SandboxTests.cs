using System.Text.Json.Nodes;
using AtcFhir.Server.Sandbox;
using AtcFhir.Tests.Sync;
using AtcFhir.Trial.Synthetic;

namespace AtcFhir.Tests.Server.Sandbox;

/// <summary>Under Validation:OnWrite=Enforce.</summary>
public class SandboxTests
{
    private const int Days = 45;

    [Theory]
    [InlineData("plain")]
    [InlineData("epic-like")]
    public async Task TheSyncBringsTheSandboxIntoTheTrialAndASecondRunChangesNothing(string persona)
    {
        using var folder = new TempFolder();
        await using var sandbox = await Open(folder, persona);
        await using var world = await SyncWorld.Make();
        using var http = new HttpClient(sandbox.CreateHandler()) { BaseAddress = new Uri("http://localhost/") };
        world.Options.EnrolmentGroup = "Group/" + PersonaOf(persona).IdOf(SyntheticHospital.EnrolmentGroupId);
        world.Reach(http, new Uri("http://localhost/sandbox/fhir"));

        var first = await world.Run();
        Assert.Empty(first.Faults);
        Assert.True(first.Enrolled > 0);
        Assert.True(first.Mapped > 20, $"{first.Mapped} mapped of {first.Pulled}");
        Assert.Equal(persona == "plain", first.Pushed > 0);
        await world.Run();

        var before = (await world.Store.LastSeq(SyncWorld.Cancel), await LastSeq(sandbox));
        var second = await world.Run();
        Assert.Empty(second.Faults);
        Assert.True(second.Pulled >= first.Mapped);
        Assert.Equal(before, (await world.Store.LastSeq(SyncWorld.Cancel), await LastSeq(sandbox)));
    }

    [Fact]
    public async Task ADayHappensOnceWhateverRestarts()
    {
        using var folder = new TempFolder();
        long before;
        await using (var sandbox = await Open(folder, "plain"))
        {
            before = await LastSeq(sandbox);
        }

        await using var again = await Open(folder, "plain");
        Assert.Equal(before, await LastSeq(again));
        Assert.Equal(Days, await Calendar(again).TodayAsync(SyncWorld.Cancel));
    }

    [Fact]
    public async Task NothingAtTheSandboxIsOfALaterDay()
    {
        using var folder = new TempFolder();
        await using var sandbox = await Open(folder, "plain");
        var today = SyntheticHospital.Start.AddDays(Days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var entry in (await sandbox.Get("/sandbox/fhir/Observation?_count=1000")).Entries)
        {
            Assert.True(string.CompareOrdinal(((string?)entry["resource"]!["effectiveDateTime"] ?? "")[..10], today) <= 0);
        }
    }

    [Fact]
    public async Task TheEpicLikePersonaShowsNeitherVersionsNorTimesAndLongIds()
    {
        using var folder = new TempFolder();
        await using var sandbox = await Open(folder, "epic-like");
        var page = await sandbox.Get("/sandbox/fhir/Patient?_count=3");
        foreach (var entry in page.Entries)
        {
            var patient = entry["resource"]!.AsObject();
            Assert.Equal(SandboxPersona.LongIdLength, patient["id"]!.GetValue<string>().Length);
            Assert.Null(patient["meta"]?["versionId"]);
            Assert.Null(patient["meta"]?["lastUpdated"]);
            var read = await sandbox.Get("/sandbox/fhir/Patient/" + patient["id"]);
            Assert.Equal(200, read.Status);
            Assert.Null(read.Header("ETag"));
            Assert.Null(read.Json["meta"]?["versionId"]);
        }
    }

    [Fact]
    public async Task TheEpicLikePersonaTakesFlowsheetRowsWithAnEmptyAnswerAndNoResearchResources()
    {
        using var folder = new TempFolder();
        await using var sandbox = await Open(folder, "epic-like");
        var patient = (await sandbox.Get("/sandbox/fhir/Patient?_count=1")).Entries[0]["resource"]!["id"]!.GetValue<string>();
        var created = await sandbox.Post("/sandbox/fhir/Observation", SyncWorld.Crp(null, patient, "12"), ("If-None-Exist", "identifier=a|b"));
        Assert.Equal((201, 0), (created.Status, created.Bytes.Length));
        Assert.Matches("/Observation/[a-z0-9]{88}$", created.Header("Location")!);
        var second = await sandbox.Post("/sandbox/fhir/Observation", SyncWorld.Crp(null, patient, "12"), ("If-None-Exist", "identifier=a|b"));
        Assert.NotEqual(created.Header("Location"), second.Header("Location"));
        Assert.Equal(405, (await sandbox.Post("/sandbox/fhir/ResearchStudy", """{"resourceType":"ResearchStudy","status":"active"}""")).Status);
    }

    [Fact]
    public void ARenamedResourceRefersToRenamedOnes()
    {
        var persona = PersonaOf("epic-like");
        var renamed = JsonNode.Parse(persona.Rename("""{"resourceType":"Observation","id":"o1","subject":{"reference":"Patient/p1"},"derivedFrom":[{"reference":"QuestionnaireResponse/q1"}],"code":{"text":"x"}}"""u8.ToArray()))!;
        Assert.Equal(SandboxPersona.LongId("o1"), renamed["id"]!.GetValue<string>());
        Assert.Equal("Patient/" + SandboxPersona.LongId("p1"), renamed["subject"]!["reference"]!.GetValue<string>());
        Assert.Equal("QuestionnaireResponse/" + SandboxPersona.LongId("q1"), renamed["derivedFrom"]![0]!["reference"]!.GetValue<string>());
    }

    private static SandboxPersona PersonaOf(string name) => SandboxPersona.Find(name, static () => "new")!;

    private static SandboxCalendar Calendar(ServerApp sandbox)
        => new(((SandboxEndpoint)sandbox.Services.GetService(typeof(SandboxEndpoint))!).Endpoint.Store, new SyntheticHospital(), SandboxPersona.Plain);

    private static async Task<long> LastSeq(ServerApp sandbox)
        => await ((SandboxEndpoint)sandbox.Services.GetService(typeof(SandboxEndpoint))!).Endpoint.Store.LastSeq(SyncWorld.Cancel);

    private static async Task<ServerApp> Open(TempFolder folder, string persona)
    {
        var app = new ServerApp("Sandbox:Enabled=true", "Sandbox:Persona=" + persona, "Sandbox:SecondsPerDay=0", $"Sandbox:FirstDay={Days}", $"Sandbox:ConnectionString=Data Source={Path.Combine(folder.Path, "sandbox.db")}");
        while (await Calendar(app).TodayAsync(SyncWorld.Cancel) < Days)
        {
            await Task.Delay(50, SyncWorld.Cancel);
        }

        return app;
    }
}
