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
    public async Task WhatIsNotThereIsNotFound()
    {
        (await App.Get("Composition/none/$document")).Refuses(404, "not-found");
        (await App.Get("ResearchSubject/none/$document")).Refuses(404, "not-found");
    }

    private static List<string> Types(Reply document) => [.. document.Entries.Select(entry => (string)entry["resource"]!["resourceType"]!)];

    private async Task IsValid(Reply document)
    {
        var errors = (await App.Post("Bundle/$validate", document.Text)).Json["issue"]!.AsArray().Where(issue => (string?)issue!["severity"] is "error" or "fatal");
        Assert.Equal([], errors.Select(issue => (string?)issue!["details"]!["text"]));
    }
}
