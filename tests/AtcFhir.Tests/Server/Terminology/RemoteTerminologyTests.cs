using AtcFhir.Tests.Validation.Terminology.Remote;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace AtcFhir.Tests.Server.Terminology;

/// <summary>$validate and $validate-code with a terminology server that is configured. Under Validation:OnWrite=Enforce.</summary>
public sealed class RemoteTerminologyTests : IDisposable
{
    private const string Sct = "http://snomed.info/sct";

    private readonly WireMockServer remote = WireMockServer.Start();

    public void Dispose()
    {
        remote.Stop();
        remote.Dispose();
    }

    private void Says(bool result) => remote.Given(Request.Create().UsingPost()).RespondWith(Response.Create().WithHeader("Content-Type", "application/fhir+json").WithBody(
        $$"""{"resourceType":"Bundle","type":"batch-response","entry":[{"resource":{"resourceType":"Parameters","parameter":[{"name":"result","valueBoolean":{{(result ? "true" : "false")}} }]},"response":{"status":"200"} }]}"""));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheServerDecidesWhatIsNotKnownHere(bool result)
    {
        Says(result);
        await using var app = ServerApp.OfPlainStudy("Terminology:Url=" + remote.Url + "/r4");
        await app.Ready();

        var validated = await app.Post("Observation/$validate", $$"""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"{{Sct}}","code":"1"}]} }""");
        var code = await app.Get($"ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/body-site&system={Sct}&code=1");

        Assert.Equal(result, !validated.Json["issue"]!.AsArray().Any(issue => (string?)issue!["severity"] == "error"));
        Assert.Equal((200, result), (code.Status, (bool)code.Json["parameter"]![0]!["valueBoolean"]!));
        Assert.Equal(2, await remote.Requests(2));
    }

    [Fact]
    public async Task AServerThatIsDownChangesNoVerdict()
    {
        remote.Given(Request.Create().UsingAnyMethod()).RespondWith(Response.Create().WithStatusCode(500));
        await using var app = ServerApp.OfPlainStudy("Terminology:Url=" + remote.Url, "Terminology:TimeoutSeconds=1");
        await app.Ready();

        var validated = await app.Post("Observation/$validate", $$"""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"{{Sct}}","code":"1"}]} }""");

        Assert.DoesNotContain(validated.Json["issue"]!.AsArray(), issue => (string?)issue!["severity"] == "error");
        Assert.Contains("terminology server", validated.Text, StringComparison.Ordinal);
        (await app.Get($"ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/body-site&system={Sct}&code=1")).Refuses(422, "not-supported");
    }

    [Fact]
    public async Task WritesDoNotWaitForIt()
    {
        Says(false);
        await using var app = ServerApp.OfPlainStudy("Terminology:Url=" + remote.Url);
        await app.Ready();

        Assert.Equal(201, (await app.Post("Observation", $$"""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"{{Sct}}","code":"1"}]} }""")).Status);
        Assert.Empty(remote.LogEntries);
    }
}
