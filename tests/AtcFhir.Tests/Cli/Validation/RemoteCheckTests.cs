using System.Text;
using AtcFhir.Cli.Inputs;
using AtcFhir.Cli.Validation;
using AtcFhir.Tests.Validation.Terminology.Remote;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Terminology.Remote;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace AtcFhir.Tests.Cli.Validation;

/// <summary>validate --tx.</summary>
public sealed class RemoteCheckTests : IDisposable
{
    private readonly WireMockServer remote = WireMockServer.Start();

    public void Dispose()
    {
        remote.Stop();
        remote.Dispose();
    }

    private static InputResource Input(string name, string json) => new(name, name, Encoding.UTF8.GetBytes(json));

    [Fact]
    public async Task ResourcesKeepTheirOrderAndShareOneRequest()
    {
        const string No = """{"resource":{"resourceType":"Parameters","parameter":[{"name":"result","valueBoolean":false}]},"response":{"status":"200"}}""";
        remote.Given(Request.Create().UsingPost()).RespondWith(Response.Create().WithHeader("Content-Type", "application/fhir+json").WithBody($$"""{"resourceType":"Bundle","type":"batch-response","entry":[{{No}},{{No}}]}"""));
        string Observation(string code) => $$"""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://snomed.info/sct","code":"{{code}}"}]} }""";
        InputResource[] inputs = [Input("a.json", Observation("1")), Input("b.json", "no json"), Input("c.json", """{"resourceType":"Patient","active":true}"""), Input("d.json", Observation("2"))];

        var seen = new List<string>();
        using var check = new RemoteCheck(new Validator(ConformanceSource.Official), new TerminologyServerOptions { Url = new Uri(remote.Url!) });
        await foreach (var validated in check.Run(inputs, ValidateRequest.Default, TestContext.Current.CancellationToken))
        {
            seen.Add($"{validated.Input.Name} {validated.IsValid}");
        }

        Assert.Equal(["a.json False", "b.json False", "c.json True", "d.json False"], seen);
        Assert.Equal(1, await remote.Requests(1));
    }
}
