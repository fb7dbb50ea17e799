using System.Text;

namespace AtcFhir.Tests.Server.Fhir;

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
