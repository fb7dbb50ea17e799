using System.Text.Json.Nodes;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Tests.Validation.Profiles;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Terminology.Remote;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace AtcFhir.Tests.Validation.Terminology.Remote;

/// <summary>Validation with a terminology server that answers, is slow, is down, or talks nonsense.</summary>
public sealed class RemoteValidationTests : IDisposable
{
    private const string Sct = "http://snomed.info/sct";

    private const string Profile =
        """
        {"resourceType":"StructureDefinition","url":"http://example.org/StructureDefinition/p","name":"P","status":"active","kind":"resource","abstract":false,"type":"Observation",
         "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Observation","derivation":"constraint",
         "differential":{"element":[{"id":"Observation","path":"Observation"},{"id":"Observation.code","path":"Observation.code","binding":{"strength":"required","valueSet":"http://example.org/ValueSet/findings"}}]}}
        """;

    private const string Findings =
        """{"resourceType":"ValueSet","url":"http://example.org/ValueSet/findings","status":"active","compose":{"include":[{"system":"http://snomed.info/sct","filter":[{"property":"concept","op":"is-a","value":"404684003"}]}]}}""";

    private static readonly Validator Validator = new(ConformanceSource.Official.With(ProfileFixture.Read(Profile), ProfileFixture.Read(Findings)));

    private readonly WireMockServer remote = WireMockServer.Start();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 24, 18, 0, 0, TimeSpan.Zero));
    private readonly List<ServiceProvider> made = [];

    public void Dispose()
    {
        remote.Stop();
        remote.Dispose();
        made.ForEach(services => services.Dispose());
    }

    private RemoteValidation Validation(TimeProvider? clock = null, double timeoutSeconds = 10, int batchSize = 100, int maxQuestions = 5_000, HttpMessageHandler? server = null)
    {
        var collection = new ServiceCollection().AddSingleton(clock ?? time)
            .AddTerminologyServer(new TerminologyServerOptions { Url = new Uri(remote.Url + "/r4"), TimeoutSeconds = timeoutSeconds, BatchSize = batchSize, MaxQuestions = maxQuestions, BreakAfter = 4, BreakSeconds = 30 });
        if (server is not null)
        {
            collection.AddHttpClient("terminology").ConfigurePrimaryHttpMessageHandler(() => server);
        }

        var services = collection.BuildServiceProvider();
        made.Add(services);
        return new RemoteValidation(Validator, services.GetRequiredService<TerminologyServer>());
    }

    private static ResourceDocument Observation(params string[] codes)
    {
        var codings = string.Join(',', codes.Select(code => $$"""{"system":"{{Sct}}","code":"{{code}}"}"""));
        return ProfileFixture.Read($$"""{"resourceType":"Observation","status":"final","code":{"coding":[{{codings}}]},"subject":{"reference":"Patient/1"},"effectiveDateTime":"2026-11-24"}""");
    }

    private static Task<ValidationResult> Validate(RemoteValidation validation, params string[] codes)
        => validation.ValidateAsync(Observation(codes), ValidateRequest.For("http://example.org/StructureDefinition/p"), TestContext.Current.CancellationToken).AsTask();

    /// <summary>A server on which every code is one of its system, and only those that end with 1 are in the value set.</summary>
    private void Answers()
        => remote.Given(Request.Create().WithPath("/r4").UsingPost()).RespondWith(Response.Create().WithCallback(request => Message(200, "application/fhir+json", Reply(request.Body!))));

    private static string Reply(string batch)
    {
        var entries = JsonNode.Parse(batch)!["entry"]!.AsArray().Select(entry =>
        {
            var code = (string)entry!["resource"]!["parameter"]!.AsArray().Single(parameter => (string)parameter!["name"]! == "coding")!["valueCoding"]!["code"]!;
            var holds = (string)entry["request"]!["url"]! == "CodeSystem/$validate-code" || code.EndsWith('1');
            return $$"""{"resource":{"resourceType":"Parameters","parameter":[{"name":"result","valueBoolean":{{(holds ? "true" : "false")}} }]},"response":{"status":"200 OK"} }""";
        });
        return $$"""{"resourceType":"Bundle","type":"batch-response","entry":[{{string.Join(',', entries)}}]}""";
    }

    private void AnswersWith(int status, string type, string body, TimeSpan? delay = null)
    {
        remote.Reset();
        var response = Response.Create().WithStatusCode(status).WithHeader("Content-Type", type).WithBody(body);
        remote.Given(Request.Create().UsingAnyMethod()).RespondWith(delay is { } wait ? response.WithDelay(wait) : response);
    }

    private static WireMock.ResponseMessage Message(int status, string type, string body) => new()
    {
        StatusCode = status,
        Headers = new Dictionary<string, WireMock.Types.WireMockList<string>> { ["Content-Type"] = new(type) },
        BodyData = new WireMock.Util.BodyData { DetectedBodyType = WireMock.Types.BodyType.String, BodyAsString = body },
    };

    private static Issue NotChecked(ValidationResult result)
    {
        Assert.True(result.IsValid);
        return result.Issues.First(issue => issue.Rule == "ATC-V044");
    }

    [Fact]
    public async Task TheServersAnswerDecides()
    {
        Answers();

        Assert.True((await Validate(Validation(), "11")).IsValid);
        Assert.DoesNotContain((await Validate(Validation(), "11")).Issues, issue => issue.Rule == "ATC-V044");
        Assert.Contains((await Validate(Validation(), "12")).Issues, issue => issue.IsError && issue.Rule == "ATC-V040");
        Assert.True((await Validate(Validation(), "12", "21")).IsValid);
    }

    [Fact]
    public async Task WithoutAServerNothingIsAsked()
    {
        Answers();

        var result = Validator.Validate(Observation("12"), ValidateRequest.For("http://example.org/StructureDefinition/p"));

        Assert.Equal(IssueSeverity.Information, NotChecked(result).Severity);
        Assert.Empty(remote.LogEntries);
    }

    [Fact]
    public async Task AllQuestionsOfAllDocumentsGoOutInOneBatch()
    {
        Answers();

        var results = await Validation().ValidateAsync([Observation("11", "12"), Observation("11", "31")], ValidateRequest.For("http://example.org/StructureDefinition/p"), TestContext.Current.CancellationToken);

        Assert.All(results, result => Assert.True(result.IsValid));
        Assert.Equal(1, await remote.Requests(1));
        var batch = JsonNode.Parse(remote.LogEntries.Single().RequestMessage!.Body!)!;
        Assert.Equal(("Bundle", "batch"), ((string?)batch["resourceType"], (string?)batch["type"]));
        var asked = batch["entry"]!.AsArray().Select(entry => (string)entry!["request"]!["url"]! + " " + entry["resource"]!["parameter"]!.AsArray().Last()!["valueCoding"]!["code"]).Order();
        Assert.Equal(
            ["CodeSystem/$validate-code 11", "CodeSystem/$validate-code 12", "CodeSystem/$validate-code 31", "ValueSet/$validate-code 11", "ValueSet/$validate-code 12", "ValueSet/$validate-code 31"],
            asked);
        Assert.Contains("\"name\":\"valueSet\",\"resource\":{\"resourceType\":\"ValueSet\"", batch.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Patient/1", batch.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LargeBatchesAreCut()
    {
        Answers();

        await Validate(Validation(batchSize: 3), "11", "21", "31", "41");

        Assert.Equal(3, await remote.Requests(3));
    }

    /// <summary>A ValueSet can list any number of codes. Those beyond the limit are said not to be checked, and those of the next resource are asked about again.</summary>
    [Fact]
    public async Task OfOneResourceSoManyCodesAreAskedAboutAndNotMore()
    {
        Answers();
        static ResourceDocument ValueSet(int first) => ProfileFixture.Read($$$"""
            {"resourceType":"ValueSet","status":"active","compose":{"include":[{{{string.Join(',', Enumerable.Range(first, 10).Select(i => $$"""{"system":"http://example.org/{{i}}","concept":[{"code":"1"}]}"""))}}}]}}
            """);

        var results = await Validation(batchSize: 4, maxQuestions: 7).ValidateAsync([ValueSet(0), ValueSet(10)], null, TestContext.Current.CancellationToken);

        Assert.All(results, result => Assert.Equal(
            [7, 8, 9],
            result.Issues.Where(issue => issue.Rule == "ATC-V044").Select(issue => int.Parse(issue.Expression!.Split('[', ']')[1], System.Globalization.CultureInfo.InvariantCulture))));
        Assert.All(results, result => Assert.Contains("from here on", NotChecked(result).Text, StringComparison.Ordinal));
        Assert.Equal(4, await remote.Requests(4));
    }

    /// <summary>The next round does not begin to count anew.</summary>
    [Fact]
    public async Task TheLimitHoldsForAllRoundsTogether()
    {
        Answers();

        Assert.Contains("from here on", NotChecked(await Validate(Validation(maxQuestions: 1), "11")).Text, StringComparison.Ordinal);
        Assert.Equal(1, await remote.Requests(1));
    }

    [Theory]
    [InlineData("11", true)]
    [InlineData("12", false)]
    public async Task AnswersAreRememberedForAWhileBothWays(string code, bool valid)
    {
        Answers();
        var validation = Validation();

        Assert.Equal(valid, (await Validate(validation, code)).IsValid);
        Assert.Equal(valid, (await Validate(validation, code)).IsValid);
        Assert.Equal(1, await remote.Requests(1));
        time.Advance(TimeSpan.FromHours(25));
        await Validate(validation, code);
        Assert.Equal(2, await remote.Requests(2));
    }

    [Theory]
    [InlineData(200, "text/html", "<html>Welcome to our guest network</html>")]
    [InlineData(200, "application/fhir+json", "<html>")]
    [InlineData(200, "application/fhir+json", """{"resourceType":"Bundle","type":"batch-response","entry":[]}""")]
    [InlineData(200, "application/fhir+json", """{"resourceType":"OperationOutcome","issue":[]}""")]
    [InlineData(404, "text/plain", "none")]
    [InlineData(401, "application/json", "{}")]
    public async Task NonsenseIsNoAnswer(int status, string type, string body)
    {
        AnswersWith(status, type, body);

        // The waits before another try have to pass in real time.
        var issue = NotChecked(await Validate(Validation(TimeProvider.System), "11"));

        Assert.Contains("terminology server", issue.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"x-caused-by-unknown-system","valueCanonical":"http://snomed.info/sct"}""")]
    [InlineData("""{"name":"cause","valueCode":"not-found"}""")]
    [InlineData("""{"name":"issues","resource":{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"not-found"}]}}""")]
    public async Task AServerThatDoesNotKnowTheSystemHasNotAnswered(string parameter)
    {
        var entry = $$"""{"resource":{"resourceType":"Parameters","parameter":[{"name":"result","valueBoolean":false},{{parameter}}]},"response":{"status":"200"} }""";
        AnswersWith(200, "application/fhir+json", $$"""{"resourceType":"Bundle","type":"batch-response","entry":[{{entry}},{{entry}}]}""");

        Assert.Contains("does not know", NotChecked(await Validate(Validation(), "11")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEntryThatFailedIsNoAnswerButTheOthersAre()
    {
        const string Good = """{"resource":{"resourceType":"Parameters","parameter":[{"name":"result","valueBoolean":true}]},"response":{"status":"200"}}""";
        const string Bad = """{"resource":{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"exception"}]},"response":{"status":"500"}}""";
        AnswersWith(200, "application/fhir+json", $$"""{"resourceType":"Bundle","type":"batch-response","entry":[{{Good}},{{Bad}}]}""");

        Assert.Contains("answered 500", NotChecked(await Validate(Validation(), "11")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASlowServerIsNotWaitedFor()
    {
        AnswersWith(200, "application/fhir+json", "{}", TimeSpan.FromSeconds(20));
        var started = TimeProvider.System.GetTimestamp();

        var issue = NotChecked(await Validate(Validation(TimeProvider.System, timeoutSeconds: 0.3), "11"));

        Assert.Contains("in time", issue.Text, StringComparison.Ordinal);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(10));
    }

    /// <summary>No network and no clock but ours: how often the server is asked does not depend on how busy the machine is.</summary>
    [Fact]
    public async Task AServerThatIsDownIsLeftAloneForAWhile()
    {
        using var server = new StubServer();
        var validation = Validation(new AutoAdvancing(time), server: server);

        // Two requests of two tries each open the breaker.
        await Validate(validation, "11");
        await Validate(validation, "11");
        Assert.Equal(4, server.Asked);
        Assert.Contains("was not asked", NotChecked(await Validate(validation, "11")).Text, StringComparison.Ordinal);
        Assert.Equal(4, server.Asked);

        // After the break it is asked again. While it is still down, that one try closes the door again.
        time.Advance(TimeSpan.FromSeconds(31));
        await Validate(validation, "11");
        Assert.Equal(5, server.Asked);

        // A good answer opens it for good.
        time.Advance(TimeSpan.FromSeconds(31));
        server.IsUp = true;
        Assert.False((await Validate(validation, "12")).IsValid);
        Assert.True((await Validate(validation, "11")).IsValid);
        Assert.Equal(7, server.Asked);
    }

    [Fact]
    public async Task AServerThatCannotBeReachedIsToldSo()
    {
        remote.Stop();

        Assert.Contains("cannot be reached", NotChecked(await Validate(Validation(TimeProvider.System), "11")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CodesOfSystemsThatAreNotHereAreAskedForWithoutABindingToo()
    {
        AnswersWith(200, "application/fhir+json", """{"resourceType":"Bundle","type":"batch-response","entry":[{"resource":{"resourceType":"Parameters","parameter":[{"name":"result","valueBoolean":false}]},"response":{"status":"200"}}]}""");

        var result = await Validation().ValidateAsync(Observation("999"), null, TestContext.Current.CancellationToken);

        Assert.Contains(result.Issues, issue => issue.IsError && issue.Rule == "ATC-V043");
    }

    /// <summary>ISO 3166-2: the country is known here, its parts are not.</summary>
    [Fact]
    public async Task WhatARuleCannotTellIsAskedFor()
    {
        AnswersWith(200, "application/fhir+json", """{"resourceType":"Bundle","type":"batch-response","entry":[{"resource":{"resourceType":"Parameters","parameter":[{"name":"result","valueBoolean":false}]},"response":{"status":"200"}}]}""");
        using var document = ProfileFixture.Read("""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"urn:iso:std:iso:3166:-2","code":"NL-XX"}]}}""");

        var result = await Validation().ValidateAsync(document, null, TestContext.Current.CancellationToken);

        Assert.Contains(result.Issues, issue => issue.IsError && issue.Rule == "ATC-V043");
    }

    /// <summary>The server without a network between: down at first.</summary>
    private sealed class StubServer : HttpMessageHandler
    {
        public int Asked { get; private set; }

        public bool IsUp { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked++;
            return IsUp
                ? new HttpResponseMessage { Content = new StringContent(Reply(await request.Content!.ReadAsStringAsync(cancellationToken)), System.Text.Encoding.UTF8, "application/fhir+json") }
                : new HttpResponseMessage(System.Net.HttpStatusCode.ServiceUnavailable);
        }
    }

    /// <summary>A clock that stands still but for waits, which are over at once.</summary>
    private sealed class AutoAdvancing(FakeTimeProvider inner) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

        public override long GetTimestamp() => inner.GetTimestamp();

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            => dueTime >= TimeSpan.Zero && dueTime < TimeSpan.FromSeconds(5) ? System.CreateTimer(callback, state, TimeSpan.Zero, period) : inner.CreateTimer(callback, state, dueTime, period);
    }
}
