using AtcFhir.Store;
using AtcFhir.Store.Search;

namespace AtcFhir.Tests.Store.Search;

/// <summary>:above and :below of references. <see href="https://hl7.org/fhir/R4/search.html#recursive"/></summary>
public class HierarchyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Location", "partof:below=hospital", "bed room ward")]
    [InlineData("Location", "partof:below=Location/ward", "bed room")]
    [InlineData("Location", "partof:below=Location/bed", "")]
    [InlineData("Location", "partof:above=Location/room", "bed room ward")]
    [InlineData("Encounter", "location:below=hospital", "atBed atWard")]
    [InlineData("Encounter", "location:below=Location/room", "atBed")]
    [InlineData("Encounter", "location:below=elsewhere,hospital", "atBed atElsewhere atWard")]
    [InlineData("Encounter", "location:above=bed", "atBed atWard")]
    [InlineData("Encounter", "location:above=ward", "atWard")]
    [InlineData("Encounter", "location:below=deleted", "atDeleted")]
    [InlineData("Encounter", "location:below=never-there", "")]
    [InlineData("Encounter", "location:below=http://elsewhere.example/fhir/Location/bed", "")]
    [InlineData("Encounter", "location:below=round", "atRound")]
    [InlineData("Encounter", "location:above=round", "atRound")]
    [InlineData("Encounter", "location:below=hospital&status=planned", "atWard")]
    [InlineData("Encounter", "_has:Observation:encounter:_id=oBed", "atBed")]
    [InlineData("Observation", "encounter.location:below=ward", "oBed")]
    [InlineData("Observation", "encounter:below=atWard", "oBed")]
    [InlineData("QuestionnaireResponse", "questionnaire:below=http://example.org/q", "qr10 qr11 qr20")]
    [InlineData("QuestionnaireResponse", "questionnaire:below=http://example.org/q|1", "qr10 qr11")]
    [InlineData("QuestionnaireResponse", "questionnaire:below=http://example.org/q|1.1", "qr11")]
    [InlineData("QuestionnaireResponse", "questionnaire:below=http://example.org/q|1.1.1", "")]
    public async Task FindsWhatIsAboveAndBelow(string type, string query, string expected)
    {
        await using var test = await Hospital();

        Assert.Equal(expected, string.Join(' ', (await test.Ids(type, query)).Order(StringComparer.Ordinal)));

        // A version judged by its own content, as subscriptions do, says the same.
        var parsed = SearchRequest.Parse(test.Store.SearchParameters, type, query, SearchHandling.Strict).Value.Query;
        var judged = new List<string>();
        foreach (var version in (await test.Store.Changes(0, new ChangeFilter([type]), 100, Cancel)).Where(version => !version.IsDeleted))
        {
            if (await test.Store.Read(type, version.Id, Cancel) is { IsDeleted: false } && (await test.Store.Matches(parsed, version, Cancel)).Value)
            {
                judged.Add(version.Id);
            }
        }

        Assert.Equal(expected, string.Join(' ', judged.Distinct().Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("Observation", "subject:below=Patient/p1")]
    [InlineData("Encounter", "location:below=Encounter/atBed")]
    [InlineData("Observation", "focus:below=1")]
    [InlineData("QuestionnaireResponse", "questionnaire:above=http://example.org/q")]
    public async Task WhatIsInNoHierarchyIsRefused(string type, string query)
    {
        await using var test = new TestStore();

        Assert.False(SearchRequest.Parse(test.Store.SearchParameters, type, query).Succeeded);
    }

    [Fact]
    public void EveryLinkIsAParameterThatLeadsToItsOwnType() => Assert.All(Hierarchy.Links, link =>
    {
        var parameter = SearchParameterRegistry.R4.Of(link.Type)?.Find(link.Code);
        Assert.NotNull(parameter);
        Assert.Contains(link.Type, CriterionParser.TargetTypes(parameter));
    });

    private static async Task<TestStore> Hospital()
    {
        var test = new TestStore();
        foreach (var (id, above) in new[] { ("hospital", null), ("ward", "hospital"), ("room", "ward"), ("bed", "room"), ("elsewhere", null), ("deleted", "hospital"), ("round", "round2"), ("round2", "round") })
        {
            var partOf = above is null ? "" : ",\"partOf\":{\"reference\":\"Location/" + above + "\"}";
            await test.Create("{\"resourceType\":\"Location\"" + partOf + "}", id);
        }

        await test.Delete("Location", "deleted");
        foreach (var (id, location) in new[] { ("atWard", "ward"), ("atBed", "bed"), ("atElsewhere", "elsewhere"), ("atDeleted", "deleted"), ("atRound", "round2") })
        {
            var partOf = id == "atBed" ? "\"partOf\":{\"reference\":\"Encounter/atWard\"}," : "";
            var status = id == "atWard" ? "planned" : "finished";
            await test.Create($$"""{"resourceType":"Encounter",{{partOf}}"status":"{{status}}","class":{"code":"AMB"},"location":[{"location":{"reference":"Location/{{location}}"} }]}""", id);
        }

        await test.Create("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"encounter":{"reference":"Encounter/atBed"}}""", "oBed");
        foreach (var version in new[] { "1.0", "1.1", "2.0" })
        {
            await test.Create($$"""{"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"http://example.org/q|{{version}}"}""", "qr" + version.Replace(".", "", StringComparison.Ordinal));
        }

        return test;
    }
}
