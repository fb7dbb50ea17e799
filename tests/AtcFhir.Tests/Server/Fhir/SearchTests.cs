using static AtcFhir.Tests.Server.Fhir.Resources;

namespace AtcFhir.Tests.Server.Fhir;

public class SearchTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private ServerApp App => server.App;

    /// <summary>_type is of searches over several types; the self link must not claim that it was heeded.</summary>
    [Fact]
    public async Task TheTypeOfTheUrlIsNotWidenedByAParameter()
    {
        var found = await App.Get("Patient?_type=Observation&_count=1");

        Assert.Equal("http://localhost/fhir/Patient?_count=1", found.Link("self"));
        Assert.Contains(found.Entries, entry => (string?)entry["search"]!["mode"] == "outcome");
        (await App.Get("Patient?_type=Observation", ("Prefer", "handling=strict"))).Refuses(400, "not-supported");
        Assert.Equal(200, (await App.Get("Patient?_type=Patient", ("Prefer", "handling=strict"))).Status);
    }

    [Fact]
    public async Task ASearchsetSaysHowItWasAskedAndWhatMatched()
    {
        await App.Put("Patient/search-1", Patient("search-1", "Zorro"));

        var found = await App.Get("Patient?family=zorro");

        Assert.Equal("searchset", (string?)found.Json["type"]);
        Assert.Equal(["search-1"], found.Matches);
        Assert.Equal("http://localhost/fhir/Patient/search-1", (string?)found.Entries[0]["fullUrl"]);
        Assert.Equal("http://localhost/fhir/Patient?family=zorro", found.Link("self"));
    }

    [Fact]
    public async Task PostSearchesTheSame()
    {
        await App.Put("Patient/search-2", Patient("search-2", "Postman"));

        var found = await App.Post("Patient/_search", "family=postman", ("Content-Type", "application/x-www-form-urlencoded"));

        Assert.Equal(["search-2"], found.Matches);
    }

    [Theory]
    [InlineData("_elements=birthDate", "birthDate")]
    [InlineData("_summary=text", "")]
    [InlineData("_summary=false&_elements=name", "name")]
    public async Task TheFormOfTheAnswerMayStandInTheBodyToo(string form, string kept)
    {
        await App.Put("Patient/search-3", Patient("search-3", "Formal"));

        var found = await App.Post("Patient/_search?family=formal", form + "&_count=1", ("Content-Type", "application/x-www-form-urlencoded"));

        Assert.Equal(["search-3"], found.Matches);
        Assert.Equal(kept, string.Join(' ', found.Entries[0]["resource"]!.AsObject().Select(property => property.Key).Except(["resourceType", "id", "meta"])));
        Assert.Contains(form, found.Link("self"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheFormatMayStandInTheBodyToo()
    {
        var form = ("Content-Type", "application/x-www-form-urlencoded");

        Assert.StartsWith("<?xml", (await App.Post("Patient/_search", "_format=xml", form)).Text, StringComparison.Ordinal);
        Assert.Equal(406, (await App.Post("Patient/_search", "_format=csv", form)).Status);
        (await App.Post("Patient/_search", "_summary=all", form)).Refuses(400, "invalid");
    }

    /// <summary><see href="https://hl7.org/fhir/R4/search.html#summary"/></summary>
    [Theory]
    [InlineData("Observation?_summary=text&_include=Observation:subject")]
    [InlineData("Patient?_summary=text&_revinclude=Observation:subject")]
    public async Task TextSummariesAndIncludesAreNotMixed(string search) => (await App.Get(search)).Refuses(400, "not-supported");

    [Fact]
    public async Task NextLinksLeadThroughAllPages()
    {
        for (var i = 0; i < 7; i++)
        {
            await App.Put($"Patient/page-{i}", Patient($"page-{i}", "Pagewise"));
        }

        var seen = new List<string>();
        var next = "/fhir/Patient?family=pagewise&_count=3";
        for (var pages = 0; next is not null; pages++)
        {
            Assert.True(pages < 4);
            var page = await App.Get(next);
            seen.AddRange(page.Matches);
            next = page.Link("next")?.Replace("http://localhost", "", StringComparison.Ordinal);
        }

        Assert.Equal(7, seen.Distinct().Count());
        Assert.Equal(7, seen.Count);
    }

    [Fact]
    public async Task SummaryCountGivesTheTotalAlone()
    {
        await App.Put("Patient/count-1", Patient("count-1", "Countess"));
        await App.Put("Patient/count-2", Patient("count-2", "Count"));
        Assert.Null((await App.Get("Patient?family=count&_summary=count&_count=1")).Link("next"));

        var found = await App.Get("Patient?family=countess&_summary=count");

        Assert.Equal(1, (int?)found.Json["total"]);
        Assert.Empty(found.Entries);
    }

    [Theory]
    [InlineData("subject=http://localhost/fhir/Patient/absolute-1")]
    [InlineData("subject:Patient=http://localhost/fhir/Patient/absolute-1")]
    [InlineData("patient=Patient/other,http://localhost/fhir/Patient/absolute-1")]
    public async Task AReferenceMayBeAskedForByItsUrlHere(string search)
    {
        await App.Put("Patient/absolute-1", Resources.Patient("absolute-1"));
        await App.Put("Observation/absolute-2", Resources.Observation("absolute-2", "Patient/absolute-1"));

        Assert.Equal(["absolute-2"], (await App.Get("Observation?" + search)).Matches);
        Assert.Empty((await App.Get("Observation?" + search.Replace("localhost", "elsewhere.example", StringComparison.Ordinal))).Matches);
        Assert.Equal(200, (await App.Post("Observation", Resources.Observation(subject: "Patient/absolute-1"), ("If-None-Exist", search))).Status);
    }

    /// <summary>Leaving it out would widen what is found. <see href="https://hl7.org/fhir/R4/search.html#modifiers"/></summary>
    [Theory]
    [InlineData("_text:contains=x")]
    [InlineData("_content:exact=x")]
    [InlineData("_list:not=1")]
    [InlineData("_filter:x=name eq y")]
    [InlineData("_include:sometimes=Patient:organization")]
    [InlineData("_revinclude:sometimes=Observation:subject")]
    [InlineData("_sort:asc=name")]
    [InlineData("_count:max=1")]
    [InlineData("_type:not=Patient")]
    [InlineData("_id:above=1")]
    [InlineData("_lastUpdated:exact=2018")]
    [InlineData("name:above=x")]
    public async Task AModifierThatIsNotSupportedIsRefusedOfLenientClientsToo(string search)
    {
        var refused = await App.Get("Patient?" + search);

        refused.Refuses(400, "value");
        Assert.Contains(search.Split('=')[0], refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Observation?code-value-quantity:missing=true", "missing")]
    [InlineData("?nothing=1", "not every resource type has a search parameter nothing")]
    public async Task WhatIsNotSupportedIsSaid(string search, string text)
    {
        var refused = await App.Get(search, ("Prefer", "handling=strict"));

        Assert.Equal(400, refused.Status);
        Assert.Contains(text, refused.Text, StringComparison.Ordinal);
    }

    /// <summary>The version that is named is given. <see href="https://hl7.org/fhir/R4/search.html#include"/></summary>
    [Fact]
    public async Task AReferenceToAVersionBringsThatVersion()
    {
        await App.Put("Patient/include-v", Resources.Patient("include-v", "First"));
        await App.Put("Patient/include-v", Resources.Patient("include-v", "Second"));
        await App.Put("Observation/include-v1", Resources.Observation("include-v1", "Patient/include-v/_history/1"));
        await App.Put("Observation/include-v2", Resources.Observation("include-v2", "Patient/include-v"));
        await App.Put("Observation/include-v9", Resources.Observation("include-v9", "Patient/include-v/_history/9"));

        Assert.Equal("1", await Versions("include-v1"));
        Assert.Equal("2", await Versions("include-v2"));
        Assert.Equal("2", await Versions("include-v9"));
        Assert.Equal("1 2", await Versions("include-v1,include-v2,include-v9"));
        await App.Delete("Patient/include-v");
        Assert.Equal("1", await Versions("include-v1,include-v2"));

        async Task<string> Versions(string observations) => string.Join(' ', (await App.Get($"Observation?_id={observations}&_include=Observation:subject")).Entries
            .Where(entry => (string?)entry["search"]!["mode"] == "include").Select(entry => (string)entry["resource"]!["meta"]!["versionId"]!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task IncludeBringsTheSubject()
    {
        await App.Put("Patient/inc-1", Patient("inc-1"));
        await App.Put("Observation/inc-2", Observation("inc-2", "Patient/inc-1"));

        var found = await App.Get("Observation?_id=inc-2&_include=Observation:subject");

        Assert.Equal(["inc-2"], found.Matches);
        Assert.Contains(found.Entries, entry => (string?)entry["search"]!["mode"] == "include" && (string?)entry["resource"]!["id"] == "inc-1");
    }

    [Fact]
    public async Task ACompartmentHoldsWhatIsAboutItsPatient()
    {
        await App.Put("Patient/comp-1", Patient("comp-1"));
        await App.Put("Observation/comp-2", Observation("comp-2", "Patient/comp-1"));
        await App.Put("Observation/comp-3", Observation("comp-3", "Patient/comp-x"));

        Assert.Equal(["comp-2"], (await App.Get("Patient/comp-1/Observation")).Matches);
        (await App.Get("Observation/comp-2/Patient")).Refuses(404, "not-supported");
    }

    [Fact]
    public async Task TheSystemIsSearchedOverSeveralTypes()
    {
        await App.Put("Patient/sys-1", Patient("sys-1"));
        await App.Put("Observation/sys-1", Observation("sys-1"));

        Assert.Equal(2, (await App.Get("?_type=Patient,Observation&_id=sys-1")).Matches.Count);
    }

    [Fact]
    public async Task HistoryListsEveryVersionNewestFirst()
    {
        await App.Put("Patient/hist-1", Patient("hist-1"));
        await App.Put("Patient/hist-1", Patient("hist-1", "Second"));
        await App.Delete("Patient/hist-1");

        var history = await App.Get("Patient/hist-1/_history");

        Assert.Equal("history", (string?)history.Json["type"]);
        Assert.Equal(3, (int?)history.Json["total"]);
        Assert.Equal(["DELETE", "PUT", "PUT"], history.Entries.Select(entry => (string)entry["request"]!["method"]!));
        Assert.Equal("W/\"3\"", (string?)history.Entries[0]["response"]!["etag"]);
        Assert.Null(history.Entries[0]["resource"]);
        (await App.Get("Patient/hist-never/_history")).Refuses(404, "not-found");
    }

    [Fact]
    public async Task HistoryIsPagedAndBoundedByTime()
    {
        await App.Put("Basic/hist-2", """{"resourceType":"Basic","id":"hist-2","code":{"text":"a"}}""");
        await App.Put("Basic/hist-2", """{"resourceType":"Basic","id":"hist-2","code":{"text":"b"}}""");

        var first = await App.Get("Basic/_history?_count=1");
        var second = await App.Get(first.Link("next")!.Replace("http://localhost", "", StringComparison.Ordinal));

        Assert.Equal("2", (string?)first.Entries.Single()["resource"]!["meta"]!["versionId"]);
        Assert.Equal("1", (string?)second.Entries.Single()["resource"]!["meta"]!["versionId"]);
        Assert.Empty((await App.Get("Basic/_history?_since=2999-01-01")).Entries);
        (await App.Get("Basic/_history?_since=soon")).Refuses(400, "invalid");
        Assert.NotEmpty((await App.Get("_history?_count=1")).Entries);
    }
    [Fact]
    public async Task ASearchByPostTakesAFormAndNothingElse()
    {
        (await App.Post("Patient/_search", "family=x", ("Content-Type", "text/plain"))).Refuses(415, "not-supported");
        Assert.Equal(200, (await App.Post("Patient/_search", "family=x", ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"))).Status);
        Assert.Equal(200, (await App.Send(HttpMethod.Post, "Patient/_search?family=x", null)).Status);
    }

    [Fact]
    public async Task AMatchThatIsContainedHasTheUrlOfItsPlace()
    {
        await App.Put("MedicationRequest/contains", """{"resourceType":"MedicationRequest","id":"contains","contained":[{"resourceType":"Medication","id":"m1","code":{"coding":[{"code":"inside"}]}}],"status":"active","intent":"order","medicationReference":{"reference":"#m1"},"subject":{"reference":"Patient/p1"}}""");

        var contained = (await App.Get("Medication?code=inside&_contained=true&_containedType=contained")).Entries.Single();
        var container = (await App.Get("Medication?code=inside&_contained=both")).Entries.Single();

        Assert.Equal(("http://localhost/fhir/MedicationRequest/contains#m1", "Medication", "match"), ((string?)contained["fullUrl"], (string?)contained["resource"]!["resourceType"], (string?)contained["search"]!["mode"]));
        Assert.Equal(("http://localhost/fhir/MedicationRequest/contains", "MedicationRequest"), ((string?)container["fullUrl"], (string?)container["resource"]!["resourceType"]));
        Assert.Empty((await App.Get("Medication?code=inside")).Entries);
        Assert.Equal(["contains"], (await App.Get("MedicationRequest?medication.code=inside")).Matches);
        (await App.Get("Patient/p1/Medication?_contained=true")).Refuses(400, "value");
        (await App.Put("Medication?code=inside&_contained=true", """{"resourceType":"Medication"}""")).Refuses(412, "not-supported");
    }

}
