using AtcFhir.Sync;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Reports;
using AtcFhir.Trial.Study;
using AtcFhir.Validation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace AtcFhir.Tests.Sync.Hospital;

/// <summary>A hospital that goes wrong on the wire, behind the HTTP client that production uses: nothing is stored in part, the cursor stays, and the log says what and where.</summary>
public sealed class FaultsTests : IAsyncLifetime
{
    private const string Patient = """{"resourceType":"Patient","id":"p1","identifier":[{"system":"urn:x","value":"ward-p1-number"}],"name":[{"family":"Jansen"}],"gender":"male","birthDate":"1951-04-05"}""";

    private readonly WireMockServer hospital = WireMockServer.Start();
    private SyncWorld world = null!;
    private ServiceProvider? services;

    public async ValueTask InitializeAsync()
    {
        world = await SyncWorld.Make();
        Serve("/fhir/Patient/p1", Patient);
        Serve("/fhir/metadata", """{"resourceType":"CapabilityStatement","status":"active","date":"2019","kind":"instance","fhirVersion":"4.0.1","format":["json"]}""");
        hospital.Given(Request.Create().UsingPost()).AtPriority(50).RespondWith(Response.Create().WithStatusCode(405));
        hospital.Given(Request.Create().UsingGet()).AtPriority(100).RespondWith(Response.Create().WithStatusCode(200).WithHeader("Content-Type", "application/fhir+json").WithBody(Page()));
        Connect(timeoutSeconds: 10);
        await world.Enrol();
        await world.Run();
        hospital.ResetLogEntries();
    }

    public static TheoryData<string, string> Bodies => new()
    {
        { "<html>Please log in</html>", "text/html" },
        { "<html>Please log in</html>", "application/fhir+json" },
        { "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{\"resource\":{\"resourceType\":\"Obs", "application/fhir+json" },
        { "{}", "application/fhir+json" },
        { "", "application/fhir+json" },
        { "{\"resourceType\":\"Bundle\",\"type\":\"history\"}", "application/fhir+json" },
        { "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"exception\",\"diagnostics\":\"Jansen\"}]}", "application/fhir+json" },
        { "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{\"resource\":{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"too-costly\"}]},\"search\":{\"mode\":\"outcome\"}}]}", "application/fhir+json" },
        { "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{\"resource\":{\"resourceType\":\"Condition\",\"id\":\"c\"}}]}", "application/fhir+json" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task AnAnswerThatIsNotWhatWasAskedForIsNotBelieved(string body, string mediaType)
    {
        Observations(Response.Create().WithStatusCode(200).WithHeader("Content-Type", mediaType).WithBody(body));
        await NothingIsTaken();
    }

    [Fact]
    public async Task AnotherPatientsDataStopsThePage()
    {
        Observations(Json(Page(SyncWorld.Crp("crp-1", "p1", "12"), SyncWorld.Crp("crp-2", "p2", "13"))));
        var report = await NothingIsTaken();
        Assert.Contains(report.Faults, fault => fault.What.Contains("another patient", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ASelfLinkWithoutThePatientStopsThePage()
    {
        Observations(Json(Page(SyncWorld.Crp("crp-1", "p1", "12")).Replace("\"entry\"", $"\"link\":[{{\"relation\":\"self\",\"url\":\"{hospital.Url}/fhir/Observation?_count=200\"}}],\"entry\"", StringComparison.Ordinal)));
        await NothingIsTaken();
    }

    [Theory]
    [InlineData("http://evil.test/fhir/Observation?page=2")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("file:///etc/passwd")]
    public async Task ANextLinkToAnotherHostIsNotFollowedAndThePageIsNotTaken(string next)
    {
        Observations(Json(WithNext(Page(SyncWorld.Crp("crp-1", "p1", "12")), next)));
        await NothingIsTaken();
    }

    [Fact]
    public async Task NextLinksThatGoInACircleEndTheStream()
    {
        Observations(Json(WithNext(Page(), hospital.Url + "/fhir/Observation?patient=Patient%2Fp1&_count=200&page=2")));
        var report = await world.Run();
        Assert.Contains(report.Faults, fault => fault.What.Contains("circle", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ARedirectIsNotFollowed()
    {
        Observations(Response.Create().WithStatusCode(302).WithHeader("Location", "http://evil.test/"));
        await NothingIsTaken();
    }

    [Fact]
    public async Task AnAnswerLargerThanAllowedIsNotRead()
    {
        Observations(Json(Page(SyncWorld.Crp("crp-1", "p1", "12")).PadRight(300_000)));
        await NothingIsTaken();
    }

    [Fact]
    public async Task ASlowHospitalIsGivenUpInTime()
    {
        Connect(timeoutSeconds: 0.2);
        Observations(Json(Page(SyncWorld.Crp("crp-1", "p1", "12")), delay: TimeSpan.FromSeconds(5)));
        var report = await NothingIsTaken();
        Assert.True(report.Faults[0].Stops);
    }

    [Fact]
    public async Task AHospitalThatIsDownStopsThePassAndSaysSo()
    {
        hospital.Stop();
        var report = await NothingIsTaken();
        Assert.True(report.Faults[0].Stops);
        Assert.Contains("no connection", report.Faults[0].What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task ABusyHospitalIsAskedAgainAfterTheTimeItSays(int status)
    {
        hospital.Given(Observation()).InScenario("busy").WillSetStateTo("free").RespondWith(Response.Create().WithStatusCode(status).WithHeader("Retry-After", "0"));
        hospital.Given(Observation()).InScenario("busy").WhenStateIs("free").RespondWith(Json(Page(SyncWorld.Crp("crp-1", "p1", "12"))));
        var report = await world.Run();
        Assert.Empty(report.Faults);
        Assert.Equal(1, report.Mapped);
    }

    [Fact]
    public async Task AHospitalThatStaysBusyStopsThePass()
    {
        Observations(Response.Create().WithStatusCode(503));
        var report = await NothingIsTaken();
        Assert.True(report.Faults[0].Stops);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task RefusedAccessIsNoDeletion(int status)
    {
        Observations(Json(Page(SyncWorld.Crp("crp-1", "p1", "12"))));
        await world.Run();
        Observations(Response.Create().WithStatusCode(status));
        world.Time.Advance(TimeSpan.FromHours(25));
        var report = await world.Run();
        Assert.True(report.Faults[0].Stops);
        Assert.Single(await world.Trial("Observation"));
    }

    [Fact]
    public async Task AWriteIsNeverRepeatedByTheHttpClient()
    {
        hospital.Given(Request.Create().UsingPost().WithPath("/fhir/ResearchSubject")).AtPriority(1).RespondWith(Response.Create().WithStatusCode(503));
        hospital.Given(Request.Create().UsingPost().WithPath("/fhir/ResearchStudy")).AtPriority(1).RespondWith(Response.Create().WithStatusCode(503));
        using var http = services!.GetRequiredService<IHttpClientFactory>().CreateClient("hospital:default");
        var client = new HospitalClient("default", http, world.Options, FixedAuth.None, TimeProvider.System);
        await client.CreateAsync("ResearchStudy", "{}"u8.ToArray(), null, "key", SyncWorld.Cancel);
        Assert.Single(hospital.LogEntries, entry => entry.RequestMessage!.Method == "POST" && entry.RequestMessage.Path.EndsWith("/ResearchStudy", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        if (services is not null)
        {
            await services.DisposeAsync();
        }

        hospital.Stop();
        hospital.Dispose();
        await world.DisposeAsync();
    }

    private void Connect(double timeoutSeconds)
    {
        services = new ServiceCollection().AddLogging().AddSingleton(world.Store).AddSingleton<TimeProvider>(TimeProvider.System).AddSingleton(StudyPackage.Embedded)
            .AddSingleton(new Validator(AtcFhir.Validation.Conformance.ConformanceSource.Official))
            .AddSync(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Hospital:BaseUrl"] = hospital.Url + "/fhir",
                ["Hospital:TimeoutSeconds"] = timeoutSeconds.ToString(CultureInfo.InvariantCulture),
                ["Hospital:RetryDelaySeconds"] = "0.02",
                ["Hospital:MaxResponseBytes"] = "200000",
                ["Keys:ConnectionString"] = "Data Source=" + world.KeyDatabase + ".unused",
                ["Keys:KeyFile"] = world.KeyDatabase + ".key",
            }).Build()).BuildServiceProvider();
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("hospital:default");
        world.Options.TimeoutSeconds = timeoutSeconds;
        world.Options.MaxResponseBytes = 200_000;
        world.Reach(client, new Uri(hospital.Url + "/fhir"));
    }

    private async Task<SyncReport> NothingIsTaken()
    {
        var (before, cursors) = (await world.Store.LastSeq(SyncWorld.Cancel), await Cursors());
        var report = await world.Run();
        Assert.NotEmpty(report.Faults);
        Assert.Equal(before, await world.Store.LastSeq(SyncWorld.Cancel));
        Assert.Equal(cursors, await Cursors());
        Assert.All(world.Log.Lines, line =>
        {
            Assert.DoesNotContain("Jansen", line, StringComparison.Ordinal);
            Assert.DoesNotContain("p1", line.Replace("http1", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotContain("crp-1", line, StringComparison.Ordinal);
        });
        Assert.Contains(world.Log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal));
        return report;
    }

    private async Task<string> Cursors()
        => string.Join(';', (await world.Store.Query(AtcFhir.Store.Side.SideQuery.Of("SELECT stream, cursor, swept FROM sync_stream WHERE stream = 'Observation' ORDER BY stream"), SyncWorld.Cancel)).Select(row => $"{row[0]} {row[1]} {row[2]}"));

    private static IRequestBuilder Observation() => Request.Create().UsingGet().WithPath("/fhir/Observation");

    private void Observations(IResponseBuilder response) => hospital.Given(Observation()).AtPriority(10).RespondWith(response);

    private void Serve(string path, string json) => hospital.Given(Request.Create().UsingGet().WithPath(path)).AtPriority(20).RespondWith(Json(json));

    private static IResponseBuilder Json(string body, TimeSpan delay = default)
    {
        var response = Response.Create().WithStatusCode(200).WithHeader("Content-Type", "application/fhir+json").WithBody(body);
        return delay == default ? response : response.WithDelay(delay);
    }

    private static string Page(params string[] resources)
        => $"{{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{string.Join(',', resources.Select(resource => $"{{\"resource\":{resource},\"search\":{{\"mode\":\"match\"}}}}"))}]}}".Replace(",\"entry\":[]", "", StringComparison.Ordinal);

    private static string WithNext(string page, string next) => page[..^1] + $",\"link\":[{{\"relation\":\"next\",\"url\":\"{next}\"}}]}}";
}
