using System.Text;

namespace AtcFhir.Tests.Server.Fhir;

/// <summary>Under Validation:OnWrite=Enforce.</summary>
public class BadInputTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private ServerApp App => server.App;

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"resourceType":"Patient","name":[{"family":"x"}]""")]
    [InlineData("""{"name":[]}""")]
    [InlineData("""{"resourceType":"Patience"}""")]
    public async Task WhatIsNoResourceIsRefused(string body)
    {
        var refused = await App.Post("Patient", body);

        Assert.Equal(400, refused.Status);
        Assert.Equal("OperationOutcome", refused.ResourceType);
    }

    [Fact]
    public async Task AnUnknownElementIsRefusedWithItsPlace()
    {
        var refused = await App.Post("Patient", "{\"resourceType\":\"Patient\",\n \"nickname\":\"Joe\"}");

        Assert.Equal(400, refused.Status);
        var issue = refused.Json["issue"]![0]!;
        Assert.Equal("structure", (string?)issue["code"]);
        Assert.Contains("Patient", (string)issue["expression"]![0]!, StringComparison.Ordinal);
        Assert.Contains("\"valueInteger\":2", refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip", "Patient")]
    [InlineData("br", "Patient")]
    [InlineData("deflate", "Patient")]
    [InlineData("gzip", "$import")]
    [InlineData("br", "$import")]
    public async Task ABodyThatIsNotWhatItsEncodingSaysIsRefused(string encoding, string path)
    {
        var type = path == "$import" ? "application/fhir+ndjson" : "application/fhir+json";

        (await App.Post(path, Resources.Patient(), ("Content-Encoding", encoding), ("Content-Type", type))).Refuses(400, "structure");
    }

    [Fact]
    public async Task ABodyThatIsCutOffIsRefused()
    {
        using var cut = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(cut, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(System.Text.Encoding.UTF8.GetBytes(Resources.Patient()));
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "/fhir/Patient") { Content = new ByteArrayContent(cut.ToArray()[..^12]) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/fhir+json");
        request.Content.Headers.TryAddWithoutValidation("Content-Encoding", "gzip");
        using var answer = await App.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(400, (int)answer.StatusCode);
    }

    [Fact]
    public void ADefectHereIsNoFaultOfTheClient()
    {
        var ours = Assert.Throws<InvalidOperationException>(() => new[] { 1, 2 }.Single());

        Assert.False(AtcFhir.Server.Fhir.FhirBody.IsUndecodable(ours));
        Assert.False(AtcFhir.Server.Fhir.FhirBody.IsUndecodable(new ObjectDisposedException("body")));
    }

    [Fact]
    public async Task AnEncodingThatCannotBeReadIsRefused()
        => (await App.Post("Patient", Resources.Patient(), ("Content-Encoding", "zstd"))).Refuses(415, "not-supported");

    [Fact]
    public async Task ABrokenRuleIsUnprocessable()
        => (await App.Post("Observation", """{"resourceType":"Observation","code":{"text":"x"}}""")).Refuses(422, "required");

    [Fact]
    public async Task ABodyThatIsTooLargeIsRefused()
    {
        await using var app = new ServerApp("Server:MaxBodyBytes=2000");

        (await app.Post("Patient", Resources.Patient(family: new string('x', 3000)))).Refuses(413, "too-long");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/fhir+json; fhirVersion=3.0")]
    [InlineData("application/fhir+json; charset=utf-16")]
    public async Task AnotherMediaTypeIsRefused(string contentType)
        => (await App.Post("Patient", Resources.Patient(), ("Content-Type", contentType))).Refuses(415, "not-supported");

    [Theory]
    [InlineData("image/png")]
    [InlineData("application/fhir+json; fhirVersion=5.0")]
    [InlineData("text/turtle")]
    public async Task AnAnswerThatIsNotServedIsRefused(string accept)
        => (await App.Get("Patient", ("Accept", accept))).Refuses(406, "not-supported");

    [Fact]
    public async Task AMethodThatIsNotServedNamesTheOthers()
    {
        var refused = await App.Send(HttpMethod.Put, "_history", "{}");

        refused.Refuses(405, "not-supported");
        Assert.Contains("GET", refused.Header("Allow"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Patient/1/2/3/4/5")]
    [InlineData("$everything")]
    public async Task APathThatIsNotThereIsNotFound(string path)
        => Assert.Equal(path.Length == 0 ? 405 : 404, (await App.Send(HttpMethod.Patch, path, "{}")).Status);

    [Fact]
    public async Task AnUnknownSearchParameterIsLeftOutAndNamed()
    {
        var found = await App.Get("Patient?nickname=Joe");

        Assert.Equal(200, found.Status);
        Assert.DoesNotContain("nickname", found.Link("self"), StringComparison.Ordinal);
        Assert.Contains(found.Entries, entry => (string?)entry["search"]!["mode"] == "outcome" && entry.ToJsonString().Contains("nickname", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnUnknownSearchParameterIsAnErrorWhenTheClientIsStrict()
    {
        var refused = await App.Get("Patient?nickname=Joe", ("Prefer", "handling=strict"));

        Assert.Equal(400, refused.Status);
        Assert.Contains("nickname", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASearchValueThatCannotBeIsAnError()
        => Assert.Equal(400, (await App.Get("Observation?date=yesterday")).Status);

    /// <summary>Of what the client sent, the element (as expression) or the parameter or header (in the text) that it was refused for.</summary>
    [Theory]
    [InlineData("GET", "Observation?value-quantity=much", null, "value-quantity")]
    [InlineData("GET", "Observation?subject:Nobody=1", null, "subject:Nobody")]
    [InlineData("GET", "Patient?name:above=x", null, "name:above")]
    [InlineData("GET", "Patient?_sort=name&_count=some", null, "_count")]
    [InlineData("GET", "Patient?_total=all", null, "_total")]
    [InlineData("GET", "Patient?_summary=short", null, "_summary")]
    [InlineData("GET", "Patient?_include=Patient:nothing", null, "_include")]
    [InlineData("GET", "Patient?_revinclude=x", null, "_revinclude")]
    [InlineData("GET", "Patient?_has:Observation:nothing:code=1", null, "_has:Observation:nothing:code")]
    [InlineData("GET", "Patient?_filter=name", null, "_filter")]
    [InlineData("GET", "Patient?_contained=perhaps", null, "_contained")]
    [InlineData("GET", "Patient?_cursor=mine", null, "_cursor")]
    [InlineData("GET", "Patient?_format=csv", null, "_format")]
    [InlineData("GET", "Patient?_pretty=x&birthdate=soon", null, "birthdate")]
    [InlineData("GET", "_history?_since=then", null, "_since")]
    [InlineData("GET", "_history?_at=then", null, "_at")]
    [InlineData("GET", "_history?_count=few", null, "_count")]
    [InlineData("GET", "Patient/said/$everything?start=then", null, "start")]
    [InlineData("GET", "Patient/said/$diff?from=1&to=one", null, "one")]
    [InlineData("GET", "ValueSet/$expand?url=http://nobody.example/ValueSet", null, "http://nobody.example/ValueSet")]
    [InlineData("PUT", "Patient?nothing=1", """{"resourceType":"Patient"}""", "nothing")]
    [InlineData("PUT", "Patient/said", """{"resourceType":"Patient","id":"other"}""", "Patient.id")]
    [InlineData("PUT", "Patient/said", """{"resourceType":"Patient","id":"said","gender":"x"}""", "Patient.gender")]
    [InlineData("PUT", "Patient/said", """{"resourceType":"Patient","id":"said","birthDate":7}""", "Patient.birthDate")]
    [InlineData("POST", "", """{"resourceType":"Bundle","type":"document"}""", "Bundle.type")]
    [InlineData("POST", "", """{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET"}}]}""", "Bundle.entry[0].request")]
    [InlineData("POST", "", """{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient","gender":"x"},"request":{"method":"POST","url":"Patient"}}]}""", "Bundle.entry[0].resource.gender")]
    [InlineData("POST", "Patient/said/$meta-add", """{"resourceType":"Parameters"}""", "meta")]
    [InlineData("PATCH", "Patient/said", """{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"Patient.("}]}]}""", "Parameters.parameter[0]")]
    public async Task ARefusalNamesWhatItIsFor(string method, string path, string? body, string named)
    {
        await App.Put("Patient/said", Resources.Patient("said"));

        var refused = await App.Send(new HttpMethod(method), path, body);

        Assert.InRange(refused.Status, 400, 499);
        Assert.Equal("OperationOutcome", refused.ResourceType);
        Assert.Contains(refused.Json["issue"]!.AsArray(), issue => (string?)issue!["severity"] is "error" or "fatal"
            && ((issue["expression"]?.AsArray() ?? []).Any(expression => (string?)expression == named) || ((string?)issue["details"]?["text"])?.Contains(named, StringComparison.Ordinal) == true));
    }

    [Theory]
    [InlineData("If-Match", "not a tag")]
    [InlineData("If-None-Exist", "nothing=1")]
    public async Task ARefusalForAHeaderNamesIt(string header, string value)
    {
        var refused = header == "If-Match" ? await App.Put("Patient/said-2", Resources.Patient("said-2"), (header, value)) : await App.Post("Patient", Resources.Patient(), (header, value));

        Assert.InRange(refused.Status, 400, 412);
        Assert.Contains(header == "If-Match" ? header : "nothing", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeepNestingIsRefused()
    {
        var deep = new StringBuilder("""{"resourceType":"Patient","extension":""");
        for (var i = 0; i < 200; i++)
        {
            deep.Append("""[{"url":"http://x","extension":""");
        }

        Assert.Equal(400, (await App.Post("Patient", deep.ToString())).Status);
    }

    [Fact]
    public async Task ABundleAtATypeIsRefused() => Assert.Equal(400, (await App.Post("Patient", Resources.Bundle("batch"))).Status);

    [Fact]
    public async Task ARequestIdThatCouldBreakALogIsNotEchoed()
    {
        Assert.Equal("abc-1", (await App.Get("Patient/1", ("X-Request-Id", "abc-1"))).Header("X-Request-Id"));
        Assert.DoesNotContain("<", (await App.Get("Patient/1", ("X-Request-Id", "<script>"))).Header("X-Request-Id"), StringComparison.Ordinal);
    }
}
