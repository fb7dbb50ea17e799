namespace AtcFhir.Tests.Server.Fhir;

/// <summary>Profiles and value sets that are uploaded take part in validation from then on. Under Validation:OnWrite=Enforce.</summary>
public class UploadedConformanceTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private ServerApp App => server.App;

    private static string Profile(string name, string element) => $$$"""
        {"resourceType":"StructureDefinition","url":"http://example.org/StructureDefinition/{{{name}}}","version":"1.0.0","name":"Uploaded","title":"Uploaded","status":"active","kind":"resource",
         "abstract":false,"type":"Patient","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint",
         "differential":{"element":[{"id":"Patient","path":"Patient"},{{{element}}}]}}
        """;

    private Task<Reply> Validate(string name, string patient = """{"resourceType":"Patient"}""") => App.Post($"Patient/$validate?profile=http://example.org/StructureDefinition/{name}", patient);

    [Fact]
    public async Task AnUploadedProfileIsUsedByValidateThereafter()
    {
        Assert.Contains("not-found", (await Validate("used")).IssueCodes);
        Assert.Equal(201, (await App.Post("StructureDefinition", Profile("used", """{"id":"Patient.active","path":"Patient.active","min":1}"""))).Status);
        Assert.Contains("active is missing; the profile 'Uploaded' demands it.", (await Validate("used")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("active is missing", (await Validate("used", """{"resourceType":"Patient","active":true}""")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AChangeAndADeletionCountAtOnce()
    {
        var profile = Profile("changed", """{"id":"Patient.active","path":"Patient.active","min":1}""").Replace("{\"resourceType\":\"StructureDefinition\",", "{\"resourceType\":\"StructureDefinition\",\"id\":\"changed\",", StringComparison.Ordinal);
        await App.Put("StructureDefinition/changed", profile);
        Assert.Contains("required", (await Validate("changed")).IssueCodes);
        await App.Put("StructureDefinition/changed", profile.Replace("\"min\":1", "\"min\":0", StringComparison.Ordinal));
        Assert.DoesNotContain("required", (await Validate("changed")).IssueCodes);
        await App.Delete("StructureDefinition/changed");
        Assert.Contains("not-found", (await Validate("changed")).IssueCodes);
    }

    [Fact]
    public async Task ItCountsForWritesThatClaimIt()
    {
        await App.Post("StructureDefinition", Profile("claimed", """{"id":"Patient.active","path":"Patient.active","min":1}"""));
        (await App.Post("Patient", """{"resourceType":"Patient","meta":{"profile":["http://example.org/StructureDefinition/claimed"]}}""")).Refuses(422, "required");
    }

    [Fact]
    public async Task ValueSetsAndCodeSystemsInATransactionCountToo()
    {
        const string bundle = """
            {"resourceType":"Bundle","type":"transaction","entry":[
              {"request":{"method":"POST","url":"CodeSystem"},"resource":{"resourceType":"CodeSystem","url":"http://example.org/CodeSystem/up","status":"active","content":"complete","concept":[{"code":"a"}]}},
              {"request":{"method":"POST","url":"ValueSet"},"resource":{"resourceType":"ValueSet","url":"http://example.org/ValueSet/up","status":"active","compose":{"include":[{"system":"http://example.org/CodeSystem/up"}]}}}]}
            """;
        Assert.Equal(200, (await App.Post("", bundle)).Status);
        await App.Post("StructureDefinition", Profile("bound", """{"id":"Patient.maritalStatus","path":"Patient.maritalStatus","binding":{"strength":"required","valueSet":"http://example.org/ValueSet/up"}}"""));
        string Patient(string code) => $$$"""{"resourceType":"Patient","maritalStatus":{"coding":[{"system":"http://example.org/CodeSystem/up","code":"{{{code}}}"}]}}""";
        Assert.DoesNotContain("code-invalid", (await Validate("bound", Patient("a"))).IssueCodes);
        Assert.Contains("code-invalid", (await Validate("bound", Patient("b"))).IssueCodes);
    }

    [Fact]
    public async Task AProfileIsLintedWhenItIsValidated()
        => Assert.Contains("ATC-L003", (await App.Post("StructureDefinition/$validate", Profile("linted", """{"id":"Patient.active","path":"Patient.active","min":2,"max":"1"}"""))).Text, StringComparison.Ordinal);

    [Fact]
    public async Task OutcomesLeadToThePageOfTheRule()
    {
        var text = (await App.Post("Patient/$validate", """{"resourceType":"Patient","nickname":"x"}""")).Text;
        Assert.Contains("see http://localhost/rules/ATC-S010", text, StringComparison.Ordinal);
        var page = await App.Get("/rules/ATC-S010");
        Assert.Equal(200, page.Status);
        Assert.Contains("<h1>ATC-S010: The type has no such element.</h1>", page.Text, StringComparison.Ordinal);
        Assert.Equal(404, (await App.Get("/rules/ATC-X")).Status);
    }
}
