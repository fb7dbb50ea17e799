using static AtcFhir.Tests.Server.Fhir.Resources;

namespace AtcFhir.Tests.Server.Fhir;

public class DocumentTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private ServerApp App => server.App;

    [Fact]
    public async Task ACompositionBecomesADocumentWithAllThatItRefersTo()
    {
        await App.Put("Organization/doc-1", """{"resourceType":"Organization","id":"doc-1","name":"Clinic"}""");
        await App.Put("Patient/doc-1", Patient("doc-1", extra: """ "managingOrganization":{"reference":"Organization/doc-1"},"""));
        await App.Put("Observation/doc-1", Observation("doc-1", "Patient/doc-1"));
        await App.Put("Composition/doc-1", """
            {"resourceType":"Composition","id":"doc-1","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},"status":"final","type":{"text":"Letter"},"subject":{"reference":"Patient/doc-1"},
             "date":"2019","author":[{"reference":"Organization/doc-1"}],"title":"Letter","section":[{"title":"Results","entry":[{"reference":"Observation/doc-1"}],"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"}}]}
            """);

        var document = await App.Get("Composition/doc-1/$document");

        Assert.Equal((200, "document"), (document.Status, (string?)document.Json["type"]));
        Assert.Equal(["Composition", "Observation", "Organization", "Patient"], Types(document).Order(StringComparer.Ordinal));
        Assert.Equal("Composition", Types(document)[0]);
        await IsValid(document);
        var stored = await App.Get("Composition/doc-1/$document?persist=true");
        Assert.Equal(201, stored.Status);
        Assert.Equal(200, (await App.Get("Bundle/" + stored.Id)).Status);
    }

    [Fact]
    public async Task ASubjectBecomesACasebook()
    {
        await App.Put("ResearchStudy/doc-2", """{"resourceType":"ResearchStudy","id":"doc-2","status":"active"}""");
        await App.Put("Patient/doc-2", Patient("doc-2"));
        await App.Put("Observation/doc-2", Observation("doc-2", "Patient/doc-2"));
        await App.Put("ResearchSubject/doc-2", """{"resourceType":"ResearchSubject","id":"doc-2","identifier":[{"value":"007"}],"status":"on-study","study":{"reference":"ResearchStudy/doc-2"},"individual":{"reference":"Patient/doc-2"}}""");

        var document = await App.Get("ResearchSubject/doc-2/$document");

        Assert.Equal(["Composition", "Observation", "Patient", "ResearchStudy", "ResearchSubject"], Types(document).Order(StringComparer.Ordinal));
        var composition = document.Entries[0]["resource"]!;
        Assert.Equal("Casebook of subject 007", (string?)composition["title"]);
        Assert.Equal(["Observation", "Patient", "ResearchSubject"], composition["section"]!.AsArray().Select(section => (string?)section!["title"]));
        await IsValid(document);
    }

    [Fact]
    public async Task ACasebookDoesNotLeadToOtherPatients()
    {
        await Shared("doc-5");
        await App.Put("ResearchSubject/doc-5", """{"resourceType":"ResearchSubject","id":"doc-5","status":"on-study","study":{"reference":"ResearchStudy/doc-5"},"individual":{"reference":"Patient/doc-5"}}""");

        var document = await App.Get("ResearchSubject/doc-5/$document");

        Assert.Equal(["Composition", "Group", "List", "Observation", "Patient", "ResearchStudy", "ResearchSubject"], Types(document).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("doc-5-other\"", string.Join(' ', document.Entries.Select(entry => (string?)entry["resource"]!["id"] + '"')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADocumentHoldsThePatientsThatItsCompositionNamesAndNoOthers()
    {
        await Shared("doc-6");
        await App.Put("Composition/doc-6", """{"resourceType":"Composition","id":"doc-6","status":"final","type":{"text":"Letter"},"subject":{"reference":"Patient/doc-6"},"date":"2019","author":[{"display":"x"}],"title":"Letter","section":[{"title":"All","entry":[{"reference":"List/doc-6"},{"reference":"Group/doc-6"}]}]}""");

        Assert.Equal(["Composition", "Group", "List", "Observation", "Patient"], Types(await App.Get("Composition/doc-6/$document")).Order(StringComparer.Ordinal));

        var both = (await App.Get("Composition/doc-6")).Text.Replace("{\"reference\":\"List/doc-6\"}", "{\"reference\":\"List/doc-6\"},{\"reference\":\"Patient/doc-6-other\"}", StringComparison.Ordinal);
        Assert.Equal(200, (await App.Put("Composition/doc-6", both)).Status);

        Assert.Equal(["Composition", "Group", "List", "Observation", "Observation", "Patient", "Patient"], Types(await App.Get("Composition/doc-6/$document")).Order(StringComparer.Ordinal));
    }

    /// <summary>A patient, and another who is in the same group and whose result stands in the same list.</summary>
    private async Task Shared(string id)
    {
        await App.Put($"Patient/{id}", Patient(id));
        await App.Put($"Patient/{id}-other", Patient($"{id}-other"));
        await App.Put($"Observation/{id}", Observation(id, $"Patient/{id}"));
        await App.Put($"Observation/{id}-other", Observation($"{id}-other", $"Patient/{id}-other"));
        await App.Put($"Group/{id}", $$"""{"resourceType":"Group","id":"{{id}}","type":"person","actual":true,"member":[{"entity":{"reference":"Patient/{{id}}"} },{"entity":{"reference":"Patient/{{id}}-other"} }]}""");
        await App.Put($"List/{id}", $$"""{"resourceType":"List","id":"{{id}}","status":"current","mode":"working","subject":{"reference":"Patient/{{id}}"},"entry":[{"item":{"reference":"Observation/{{id}}"} },{"item":{"reference":"Observation/{{id}}-other"} }]}""");
        await App.Put($"ResearchStudy/{id}", $$"""{"resourceType":"ResearchStudy","id":"{{id}}","status":"active","enrollment":[{"reference":"Group/{{id}}"}]}""");
    }

    [Fact]
    public async Task WhatIsNotThereIsNotFound()
    {
        (await App.Get("Composition/none/$document")).Refuses(404, "not-found");
        (await App.Get("ResearchSubject/none/$document")).Refuses(404, "not-found");
    }

    [Fact]
    public async Task TheCompositionMayBeNamedByAParameter()
    {
        await App.Put("Composition/doc-3", """{"resourceType":"Composition","id":"doc-3","status":"final","type":{"text":"Letter"},"date":"2019","author":[{"display":"x"}],"title":"Letter"}""");

        foreach (var id in new[] { "doc-3", "Composition/doc-3", "http://localhost/fhir/Composition/doc-3" })
        {
            Assert.Equal("doc-3", (string?)(await App.Get("Composition/$document?id=" + id)).Entries[0]["resource"]!["id"]);
            Assert.Equal(200, (await App.Post("Composition/$document", $$"""{"resourceType":"Parameters","parameter":[{"name":"id","valueUri":"{{id}}"}]}""")).Status);
        }

        (await App.Get("Composition/$document?id=none")).Refuses(404, "not-found");
    }

    [Theory]
    [InlineData("Composition/$document", "id", "value")]
    [InlineData("Composition/$document?id=http://elsewhere.example/Composition/1", "id", "value")]
    [InlineData("Composition/1/$document?id=1", "id", "invalid")]
    [InlineData("Composition/1/$document?persist=maybe", "persist", "value")]
    [InlineData("Composition/1/$document?graph=http://example.org/graph", "graph", "not-supported")]
    public async Task WhatCannotBeUnderstoodIsRefusedByName(string path, string name, string code)
    {
        var refused = await App.Get(path);

        refused.Refuses(400, code);
        Assert.Contains($"\"{name}: ", refused.Text, StringComparison.Ordinal);
    }

    private static List<string> Types(Reply document) => [.. document.Entries.Select(entry => (string)entry["resource"]!["resourceType"]!)];

    private async Task IsValid(Reply document)
    {
        var errors = (await App.Post("Bundle/$validate", document.Text)).Json["issue"]!.AsArray().Where(issue => (string?)issue!["severity"] is "error" or "fatal");
        Assert.Equal([], errors.Select(issue => (string?)issue!["details"]!["text"]));
    }
}
