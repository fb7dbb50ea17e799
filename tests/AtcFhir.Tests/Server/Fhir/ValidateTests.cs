namespace AtcFhir.Tests.Server.Fhir;

public class ValidateTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Profile = "https://example.org/atcfhir/StructureDefinition/ecog-performance-status";

    private ServerApp App => server.App;

    [Fact]
    public async Task AValidResourceHasNoErrors()
    {
        var answer = await App.Post("Patient/$validate", Resources.Patient());

        Assert.Equal(200, answer.Status);
        Assert.DoesNotContain(answer.Json["issue"]!.AsArray(), issue => (string?)issue!["severity"] is "error" or "fatal");
    }

    [Theory]
    [InlineData("Patient/$validate", """{"resourceType":"Patient","nickname":"x"}""")]
    [InlineData("$validate", """{"resourceType":"Patient","birthDate":"yesterday"}""")]
    [InlineData("Patient/$validate", "{ not json")]
    [InlineData("Patient/$validate", """{"resourceType":"Patience"}""")]
    [InlineData("Observation/$validate", """{"resourceType":"Patient"}""")]
    public async Task WhatIsWrongIsSaidWith200(string path, string body)
    {
        var answer = await App.Post(path, body);

        Assert.Equal(200, answer.Status);
        Assert.Contains(answer.Json["issue"]!.AsArray(), issue => (string?)issue!["severity"] is "error" or "fatal");
    }

    [Fact]
    public async Task ParametersCarryResourceAndProfile()
    {
        var body = $$$"""
            {"resourceType":"Parameters","parameter":[
              {"name":"profile","valueUri":"{{{Profile}}}"},
              {"name":"resource","resource":{"resourceType":"Observation","status":"final",
                "code":{"coding":[{"system":"http://loinc.org","code":"1234-5"}]},"valueInteger":7}}]}
            """;

        var answer = await App.Post("Observation/$validate", body);

        Assert.Equal(200, answer.Status);
        Assert.Contains(answer.Json["issue"]!.AsArray(), issue => (string?)issue!["severity"] == "error");
    }

    [Fact]
    public async Task LinesCountInTheTextThatWasSent()
    {
        const string body = "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"resource\",\n\"resource\":{\"resourceType\":\"Patient\",\n\"nickname\":\"x\"}}]}";

        var answer = await App.Post("$validate", body);

        Assert.Contains("operationoutcome-issue-line\",\"valueInteger\":3", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUnknownProfileIsAnError()
    {
        var answer = await App.Post("Patient/$validate?profile=http://example.org/none", Resources.Patient());

        Assert.Equal(200, answer.Status);
        Assert.Contains("not-found", answer.IssueCodes);
    }

    [Fact]
    public async Task AnInstanceIsValidatedAsItIsStored()
    {
        await App.Put("Patient/val-1", Resources.Patient("val-1"));

        Assert.Equal(200, (await App.Get("Patient/val-1/$validate")).Status);
        (await App.Get("Patient/val-none/$validate")).Refuses(404, "not-found");
    }

    [Fact]
    public async Task NothingIsStored()
    {
        var answer = await App.Post("Patient/$validate?mode=create", Resources.Patient("val-2"));

        Assert.Equal(200, answer.Status);
        Assert.Equal(404, (await App.Get("Patient/val-2")).Status);
    }

    [Fact]
    public async Task AnUnknownModeIsAnError() => Assert.Contains("invalid", (await App.Post("Patient/$validate?mode=guess", Resources.Patient())).IssueCodes);
}
