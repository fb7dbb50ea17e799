using System.Text.Json.Nodes;
using AtcFhir.Server.Hosting;
using AtcFhir.Store;
using static AtcFhir.Tests.Server.Fhir.Resources;

namespace AtcFhir.Tests.Server.Hosting;

/// <summary>A server that is told which types it serves (Server:Types), under Validation:OnWrite=Enforce.</summary>
public class ServedTypesTests
{
    private const string Unserved = "Encounter";

    private static readonly string[] Listed = ["Server:Types:0=Patient", "Server:Types:1=Observation", "Server:Types:2=Group", "Server:Types:3=ResearchSubject"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "Encounter", null)]
    [InlineData("GET", "Encounter/1", null)]
    [InlineData("GET", "Encounter/1/_history/1", null)]
    [InlineData("GET", "Encounter/_history", null)]
    [InlineData("POST", "Encounter", "{\"resourceType\":\"Encounter\"}")]
    [InlineData("PUT", "Encounter/1", "{\"resourceType\":\"Encounter\",\"id\":\"1\"}")]
    [InlineData("PATCH", "Encounter/1", "[]")]
    [InlineData("DELETE", "Encounter/1", null)]
    [InlineData("DELETE", "Encounter?status=planned", null)]
    [InlineData("POST", "Encounter/_search", "")]
    [InlineData("POST", "Encounter/$validate", "{\"resourceType\":\"Encounter\"}")]
    [InlineData("GET", "Encounter/$meta", null)]
    [InlineData("GET", "Patient/1/Encounter", null)]
    [InlineData("GET", "ResearchStudy/1/$everything", null)]
    [InlineData("OPTIONS", "Encounter/1", null)]
    [InlineData("GET", "Nonsense/1", null)]
    public async Task AnotherTypeIsNotFoundWhateverIsAsked(string method, string path, string? body)
    {
        await using var app = ServerApp.OfPlainStudy(Listed);

        var answer = await app.Send(new HttpMethod(method), path, body);

        answer.Refuses(404, "not-supported");
        Assert.Contains("is not served", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherTypeIsNotInTheCapabilities()
    {
        await using var app = ServerApp.OfPlainStudy(Listed);

        var rest = (await app.Get("metadata")).Json["rest"]![0]!;

        Assert.Equal(["Group", "Observation", "Patient", "ResearchSubject"], rest["resource"]!.AsArray().Select(type => (string?)type!["type"]));
        Assert.DoesNotContain("Observation:encounter", Values(rest, "Observation", "searchInclude"));
        Assert.Contains("Observation:subject", Values(rest, "Observation", "searchInclude"));
        Assert.All(rest["resource"]!.AsArray().SelectMany(type => Values(rest, (string)type!["type"]!, "searchRevInclude")), include => Assert.DoesNotContain(Unserved, include, StringComparison.Ordinal));
        Assert.Equal(["http://hl7.org/fhir/CompartmentDefinition/patient"], rest["compartment"]!.AsArray().Select(compartment => (string?)compartment));
    }

    [Fact]
    public async Task EntriesAboutAnotherTypeAreRefused()
    {
        await using var app = ServerApp.OfPlainStudy(Listed);

        var batch = await app.Post("", Bundle("batch", Entry("PUT", "Encounter/1", """{"resourceType":"Encounter","id":"1"}"""), Entry("GET", "Encounter/1"), Entry("PUT", "Patient/1", Patient("1"))));
        var transaction = await app.Post("", Bundle("transaction", Entry("POST", "Encounter", """{"resourceType":"Encounter"}"""), Entry("PUT", "Patient/2", Patient("2"))));

        Assert.Equal(["404", "404", "201"], batch.Entries.Select(entry => ((string)entry["response"]!["status"]!)[..3]));
        transaction.Refuses(404, "not-supported");
        Assert.Contains("Bundle.entry[0]", transaction.Text, StringComparison.Ordinal);
        Assert.Equal(404, (await app.Get("Patient/2")).Status);
    }

    /// <summary>Such as what was stored before the list was made, or what the exchange with a hospital stores.</summary>
    [Fact]
    public async Task WhatIsStoredOfAnotherTypeIsNotGiven()
    {
        await using var app = await ServerApp.OfPlainStudy(Listed).Ready();
        var store = app.Endpoint.Store;
        var encounter = AtcFhir.R4.Documents.ResourceDocument.Parse("""{"resourceType":"Encounter","id":"1","status":"planned","class":{"code":"AMB"},"subject":{"reference":"Patient/1"}}"""u8.ToArray()).Value;
        await app.Put("Patient/1", Patient("1"));
        await app.Put("Observation/1", Observation("1", "Patient/1").Replace("\"status\"", "\"encounter\":{\"reference\":\"Encounter/1\"},\"status\"", StringComparison.Ordinal));
        Assert.Null((await store.Commit(WriteBatch.Of(new AuditEntry("test", "write", "r"), ResourceWrite.Create(store.Prepare(encounter, "1"))), Cancel)).Failure);

        foreach (var path in new[] { "?_lastUpdated=gt2000", "Observation?_include=Observation:encounter", "Patient?_revinclude=Encounter:subject", "Patient/1/*", "Patient/1/$everything", "Patient/$everything", "_history" })
        {
            var answer = await app.Get(path);
            Assert.True(answer.Status == 200 && answer.Entries.Count > 0, $"{path}: {answer.Text}");
            Assert.True(answer.Entries.All(entry => (string?)entry["resource"]!["resourceType"] != Unserved), path);
            Assert.True((answer.Json["total"] is not { } total || (int)total == answer.Entries.Count), path);
        }

        (await app.Get("?_type=Patient,Encounter")).Refuses(400, "not-supported");
        (await app.Get("Patient/1/$everything?_type=Encounter")).Refuses(400, "not-supported");
        (await app.Get("$export?_type=Encounter", ("Prefer", "respond-async"))).Refuses(400, "not-supported");
    }

    [Theory]
    [InlineData("Patience")]
    [InlineData("DomainResource")]
    [InlineData("patient")]
    public void AListWithWhatIsNoTypeEndsTheStartAndNamesIt(string name)
    {
        var checkedOptions = new ServedTypesCheck().Validate(null, new ServerOptions { Types = ["Patient", name] });

        Assert.Contains($"Server:Types: '{name}' is no resource type", Assert.Single(checkedOptions.Failures!), StringComparison.Ordinal);
        Assert.True(new ServedTypesCheck().Validate(null, new ServerOptions { Types = ["Patient"] }).Succeeded);
    }

    private static IEnumerable<string> Values(JsonNode rest, string type, string name)
        => (rest["resource"]!.AsArray().Single(one => (string?)one!["type"] == type)![name]?.AsArray() ?? []).Select(value => (string)value!);
}
