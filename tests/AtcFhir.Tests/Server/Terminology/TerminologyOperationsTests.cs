using System.Text.Json.Nodes;

namespace AtcFhir.Tests.Server.Terminology;

/// <summary>The terminology operations over HTTP; what they answer is tested with the library. Under Validation:OnWrite=Enforce.</summary>
public class TerminologyOperationsTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string System = "http://example.org/CodeSystem/colours";

    private const string CodeSystem =
        """
        {"resourceType":"CodeSystem","id":"colours","url":"http://example.org/CodeSystem/colours","status":"active","content":"complete","caseSensitive":true,
         "concept":[{"code":"colour","concept":[{"code":"red","display":"Red","designation":[{"language":"nl","value":"Rood"}]},{"code":"blue","display":"Blue"}]}]}
        """;

    private const string ValueSet =
        """{"resourceType":"ValueSet","id":"colours","url":"http://example.org/ValueSet/colours","status":"active","compose":{"include":[{"system":"http://example.org/CodeSystem/colours","filter":[{"property":"concept","op":"descendent-of","value":"colour"}]}]}}""";

    private const string ConceptMap =
        """
        {"resourceType":"ConceptMap","id":"colours","url":"http://example.org/ConceptMap/colours","status":"active",
         "group":[{"source":"http://example.org/CodeSystem/colours","target":"http://example.org/CodeSystem/rgb","element":[{"code":"red","target":[{"code":"ff0000","equivalence":"equivalent"}]}]}]}
        """;

    private ServerApp App => server.App;

    private async Task Store()
    {
        foreach (var (type, json) in new[] { ("CodeSystem", CodeSystem), ("ValueSet", ValueSet), ("ConceptMap", ConceptMap) })
        {
            var stored = await App.Put($"{type}/colours", json);
            Assert.True(stored.Status is 200 or 201, stored.Text);
        }
    }

    private static string Parameters(params string[] parameters) => $$"""{"resourceType":"Parameters","parameter":[{{string.Join(',', parameters)}}]}""";

    private static JsonNode? Value(Reply reply, string name)
        => reply.Json["parameter"]!.AsArray().FirstOrDefault(parameter => (string?)parameter!["name"] == name)?.AsObject().FirstOrDefault(property => property.Key.StartsWith("value", StringComparison.Ordinal)).Value;

    private static string Codes(Reply reply) => string.Join(' ', reply.Json["expansion"]!["contains"]!.AsArray().Select(code => (string)code!["code"]!));

    [Fact]
    public async Task AValueSetIsExpandedByUrlByInstanceByParametersAndAsItself()
    {
        await Store();

        Assert.Equal("red blue", Codes(await App.Get("ValueSet/$expand?url=http://example.org/ValueSet/colours")));
        Assert.Equal("red blue", Codes(await App.Get("ValueSet/colours/$expand")));
        Assert.Equal("blue", Codes(await App.Get("ValueSet/colours/$expand?filter=bl")));
        Assert.Equal("red", Codes(await App.Post("ValueSet/$expand", Parameters("""{"name":"url","valueUri":"http://example.org/ValueSet/colours"}""", """{"name":"count","valueInteger":1}"""))));
        Assert.Equal("red blue", Codes(await App.Post("ValueSet/$expand", Parameters($$"""{"name":"valueSet","resource":{{ValueSet}}}"""))));
        Assert.Equal("red blue", Codes(await App.Post("ValueSet/$expand", ValueSet)));
        Assert.Equal("Rood", (string?)(await App.Get("ValueSet/colours/$expand?displayLanguage=nl")).Json["expansion"]!["contains"]![0]!["display"]);
    }

    [Theory]
    [InlineData("&valueSetVersion=4.0.1")]
    [InlineData("&valueSetVersion=4.0")]
    [InlineData("|4.0.1")]
    public async Task TheVersionOfR4IsHeldOfItsValueSets(string version)
        => Assert.Equal("4.0.1", (string?)(await App.Get("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/observation-status" + version)).Json["version"]);

    [Fact]
    public async Task AnExpansionIsAValidValueSetInJsonAndXml()
    {
        var json = await App.Get("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/observation-status&includeDesignations=true&includeDefinition=true");
        var xml = await App.Get("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/observation-status", ("Accept", "application/fhir+xml"));

        Assert.Equal("registered preliminary final amended corrected cancelled entered-in-error unknown", string.Join(' ', Flat(json.Json["expansion"]!)));
        Assert.DoesNotContain((await App.Post("ValueSet/$validate", json.Text)).Json["issue"]!.AsArray(), issue => (string?)issue!["severity"] is "error" or "fatal");
        Assert.Contains("<contains>", xml.Text, StringComparison.Ordinal);

        static IEnumerable<string> Flat(JsonNode node) => (node["contains"]?.AsArray() ?? []).SelectMany(code => Flat(code!).Prepend((string)code!["code"]!));
    }

    [Theory]
    [InlineData("ValueSet/$expand?url=http://example.org/none", 404, "not-found")]
    [InlineData("ValueSet/none/$expand", 404, "not-found")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/observation-status&valueSetVersion=3.0.2", 404, "not-found")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/observation-status|4.3", 404, "not-found")]
    [InlineData("ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/observation-status&valueSetVersion=3.0.2&code=final&system=http://hl7.org/fhir/observation-status", 404, "not-found")]
    [InlineData("ValueSet/$expand", 400, "required")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/observation-status&count=many", 400, "value")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/observation-status&date=someday", 400, "value")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/observation-status&date=2011", 422, "not-supported")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/observation-status&date=2999-01-01", 422, "not-supported")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/observation-status&activeOnly=yes", 400, "value")]
    [InlineData("ValueSet/$expand?context=http://hl7.org/fhir/StructureDefinition/Observation%23Observation.status", 422, "not-supported")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/observation-status&contextDirection=incoming", 422, "not-supported")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/observation-status&activeonly=true", 400, "not-supported")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/ucum-vitals-common&excludePostCoordinated=true", 422, "not-supported")]
    [InlineData("ValueSet/$validate-code?context=http://hl7.org/fhir/StructureDefinition/Observation%23Observation.status&code=final&system=http://hl7.org/fhir/observation-status", 422, "not-supported")]
    [InlineData("ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/observation-status&code=final&system=http://hl7.org/fhir/observation-status&abstract=1", 400, "value")]
    [InlineData("CodeSystem/$validate-code?url=http://hl7.org/fhir/observation-status&code=final&valueSet=x", 400, "not-supported")]
    [InlineData("CodeSystem/$lookup?system=http://hl7.org/fhir/observation-status&code=final&date=2011-01", 422, "not-supported")]
    [InlineData("CodeSystem/$lookup?system=http://hl7.org/fhir/observation-status&code=final&props=x", 400, "not-supported")]
    [InlineData("CodeSystem/$subsumes?system=http://hl7.org/fhir/observation-status&codeA=final&codeB=final&code=x", 400, "not-supported")]
    [InlineData("ConceptMap/$translate?code=1&system=http://example.org&targetSystem=x", 400, "not-supported")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/ucum-units", 422, "too-costly")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/body-site", 422, "not-supported")]
    [InlineData("ValueSet/$validate-code?code=a&system=http://example.org", 400, "required")]
    [InlineData("ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/observation-status", 400, "required")]
    [InlineData("ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/observation-status&code=final", 400, "required")]
    [InlineData("ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/body-site&system=http://snomed.info/sct&code=1", 422, "not-supported")]
    [InlineData("CodeSystem/$lookup?system=http://loinc.org&code=1-8", 404, "not-found")]
    [InlineData("CodeSystem/$validate-code?url=http://example.org/none&code=1", 404, "not-found")]
    [InlineData("CodeSystem/$subsumes?codeA=1", 400, "required")]
    [InlineData("ConceptMap/$translate?url=http://example.org/none&code=1&system=http://example.org", 404, "not-found")]
    public async Task WhatCannotBeAnsweredIsAnOutcome(string path, int status, string code) => (await App.Get(path)).Refuses(status, code);

    [Theory]
    [InlineData("$expand?excludePostCoordinated=true")]
    [InlineData("$expand?excludePostCoordinated=false&_format=json&_pretty=true")]
    public async Task ConceptsOfACodeSystemAreNotPostCoordinated(string operation)
    {
        await Store();

        Assert.Equal("red blue", Codes(await App.Get("ValueSet/colours/" + operation)));
    }

    [Fact]
    public async Task NowIsADateThatIsKnown()
    {
        await Store();
        var today = TimeProvider.System.GetUtcNow();

        Assert.Equal("red blue", Codes(await App.Get($"ValueSet/colours/$expand?date={today:yyyy}")));
        Assert.Equal("red blue", Codes(await App.Get($"ValueSet/colours/$expand?date={today:yyyy-MM-dd}")));
    }

    [Theory]
    [InlineData("ValueSet/$validate-code?url=http://example.org/ValueSet/colours&system=http://example.org/CodeSystem/colours&code=red", true)]
    [InlineData("ValueSet/$validate-code?url=http://example.org/ValueSet/colours&system=http://example.org/CodeSystem/colours&code=red&display=Blue", false)]
    [InlineData("ValueSet/colours/$validate-code?system=http://example.org/CodeSystem/colours&code=colour", false)]
    [InlineData("CodeSystem/$validate-code?url=http://example.org/CodeSystem/colours&code=colour", true)]
    [InlineData("CodeSystem/colours/$validate-code?code=green", false)]
    [InlineData("CodeSystem/$validate-code?url=http://unitsofmeasure.org&code=mg/L", true)]
    public async Task CodesAreValidated(string path, bool expected)
    {
        await Store();

        var answer = await App.Get(path);

        Assert.Equal((200, "Parameters"), (answer.Status, answer.ResourceType));
        Assert.Equal(expected, (bool)Value(answer, "result")!);
        Assert.Equal(expected, Value(answer, "message") is null);
    }

    [Fact]
    public async Task CodingsAndConceptsAreValidatedByPost()
    {
        await Store();
        const string Red = """{"system":"http://example.org/CodeSystem/colours","code":"red"}""";

        Assert.True((bool)Value(await App.Post("ValueSet/colours/$validate-code", Parameters($$"""{"name":"coding","valueCoding":{{Red}}}""")), "result")!);
        Assert.True((bool)Value(await App.Post("ValueSet/colours/$validate-code", Parameters($$"""{"name":"codeableConcept","valueCodeableConcept":{"coding":[{"system":"http://loinc.org","code":"1-8"},{{Red}}]} }""")), "result")!);
        Assert.True((bool)Value(await App.Post("CodeSystem/$validate-code", Parameters($$"""{"name":"coding","valueCoding":{{Red}}}""")), "result")!);
    }

    [Fact]
    public async Task CodesAreLookedUpAndCompared()
    {
        await Store();

        var red = await App.Get($"CodeSystem/$lookup?system={System}&code=red");
        var subsumes = await App.Get($"CodeSystem/$subsumes?system={System}&codeA=colour&codeB=red");
        var onInstance = await App.Get("CodeSystem/colours/$subsumes?codeA=red&codeB=colour");

        Assert.Equal("Red", (string?)Value(red, "display"));
        Assert.Contains("\"name\":\"designation\",\"part\":[{\"name\":\"language\",\"valueCode\":\"nl\"},{\"name\":\"value\",\"valueString\":\"Rood\"}]", red.Text, StringComparison.Ordinal);
        Assert.Equal(("subsumes", "subsumed-by"), ((string?)Value(subsumes, "outcome"), (string?)Value(onInstance, "outcome")));
    }

    [Fact]
    public async Task CodesAreTranslated()
    {
        await Store();

        foreach (var path in new[] { "ConceptMap/colours/$translate?", "ConceptMap/$translate?url=http://example.org/ConceptMap/colours&", "ConceptMap/$translate?" })
        {
            var answer = await App.Get(path + $"system={System}&code=red");

            Assert.True((bool)Value(answer, "result")!);
            Assert.Contains("""{"name":"equivalence","valueCode":"equivalent"},{"name":"concept","valueCoding":{"system":"http://example.org/CodeSystem/rgb","code":"ff0000"}}""", answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AnswersFollowWhatIsStored()
    {
        string Of(string code) => $$"""{"resourceType":"ValueSet","id":"moving","url":"http://example.org/ValueSet/moving","status":"active","compose":{"include":[{"system":"http://example.org/x","concept":[{"code":"{{code}}"}]}]} }""";
        const string Path = "ValueSet/$expand?url=http://example.org/ValueSet/moving";

        (await App.Get(Path)).Refuses(404, "not-found");
        await App.Put("ValueSet/moving", Of("one"));
        Assert.Equal("one", Codes(await App.Get(Path)));
        await App.Put("ValueSet/moving", Of("two"));
        Assert.Equal("two", Codes(await App.Get(Path)));
        await App.Delete("ValueSet/moving");
        (await App.Get(Path)).Refuses(404, "not-found");
    }

    [Fact]
    public async Task OperationsAreEntriesOfABatchToo()
    {
        await Store();

        var batch = await App.Post("", """{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"ValueSet/colours/$expand"}},{"request":{"method":"GET","url":"ValueSet/none/$expand"}}]}""");

        Assert.Equal(["200", "404"], batch.Entries.Select(entry => ((string)entry["response"]!["status"]!)[..3]));
    }

    [Fact]
    public async Task TheCapabilitiesNameThem()
    {
        var rest = (await App.Get("metadata")).Json["rest"]![0]!["resource"]!.AsArray();
        string Operations(string type) => string.Join(' ', rest.Single(resource => (string?)resource!["type"] == type)!["operation"]!.AsArray()
            .Select(operation => (string)operation!["definition"]!).Where(url => url.Contains(type, StringComparison.Ordinal)).Select(url => url[(url.LastIndexOf('/') + 1)..]));
        var terminology = await App.Get("metadata?mode=terminology");

        Assert.Equal("ValueSet-expand ValueSet-validate-code", Operations("ValueSet"));
        Assert.Equal("CodeSystem-validate-code CodeSystem-lookup CodeSystem-subsumes", Operations("CodeSystem"));
        Assert.Equal("ConceptMap-translate", Operations("ConceptMap"));
        Assert.Contains("http://hl7.org/fhir/administrative-gender", terminology.Json["codeSystem"]!.AsArray().Select(system => (string)system!["uri"]!));
        Assert.DoesNotContain((await App.Post("TerminologyCapabilities/$validate", terminology.Text)).Json["issue"]!.AsArray(), issue => (string?)issue!["severity"] is "error" or "fatal");
    }

    [Fact]
    public async Task TheTrialsMapsAnswer()
    {
        await using var app = await new ServerApp().Ready();

        var grade = await app.Get("ConceptMap/ecog-answers-to-grades/$translate?system=http://loinc.org&code=LA9624-3");

        Assert.Contains("\"code\":\"2\"", grade.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NobodyMayAskWithoutTheScope()
    {
        await using var app = new ServerApp("Access:Mode=Enforced");

        Assert.Equal(401, (await app.Get("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/observation-status")).Status);
    }
}
