using System.Text;
using AtcFhir.R4.Definitions;
using AtcFhir.Store;
using AtcFhir.Store.Search;

namespace AtcFhir.Tests.Store.Search;

public class ContainedTests
{
    private const string Medication = """{"resourceType":"Medication","id":"m1","ingredient":[{"itemCodeableConcept":{"coding":[{"system":"http://example.com/medications","code":"abc"}]}}],"manufacturer":{"reference":"Organization/maker"} }""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The example of <see href="https://hl7.org/fhir/R4/search.html#contained"/>.</summary>
    [Theory]
    [InlineData("MedicationRequest", "medication.ingredient-code=abc", "23 24")]
    [InlineData("MedicationRequest", "medication.ingredient-code=http://example.com/medications|abc&status=active", "23")]
    [InlineData("MedicationRequest", "medication.ingredient-code=xyz", "")]
    [InlineData("MedicationRequest", "medication:Medication.manufacturer.name=makers", "23 24")]
    [InlineData("MedicationRequest", "medication.manufacturer:Organization.name=inner", "25")]
    [InlineData("Medication", "ingredient-code=abc", "alone")]
    [InlineData("Medication", "ingredient-code=abc&_contained=false", "alone")]
    [InlineData("Medication", "ingredient-code=abc&_contained=true", "23 24")]
    [InlineData("Medication", "ingredient-code=abc&_contained=both", "23 alone 24")]
    [InlineData("Medication", "ingredient-code=abc&_contained=both&_containedType=container", "23 alone 24")]
    [InlineData("Medication", "ingredient-code=abc&_contained=true&_containedType=contained", "23#m1 24#m1")]
    [InlineData("Medication", "ingredient-code=abc&_contained=both&_containedType=contained", "23#m1 alone 24#m1")]
    [InlineData("Medication", "manufacturer.name=makers&_contained=both", "23 alone 24")]
    [InlineData("Medication", "manufacturer.name=inner&_contained=true", "25")]
    [InlineData("Medication", "ingredient-code:not=abc&_contained=true", "25")]
    [InlineData("Medication", "ingredient-code:missing=true&_contained=true", "25")]
    [InlineData("Medication", "_id=m1&_contained=true", "23 24 25")]
    [InlineData("Medication", "_has:MedicationRequest:medication:status=active&_contained=true", "23")]
    [InlineData("Medication", "_content=abc&_contained=true", "23 24")]
    [InlineData("Medication", "_filter=ingredient-code eq abc&_contained=true", "23 24")]
    [InlineData("Organization", "name=inner&_contained=true&_containedType=contained", "25#o")]
    [InlineData("Organization", "name=makers&_contained=true", "")]
    [InlineData(null, "_type=Medication,Organization&_id=o&_contained=true", "25")]
    [InlineData("Device", "_contained=true", "")]
    public async Task ChainsLeadIntoWhatIsContainedAndContainedFindsIt(string? type, string query, string expected)
    {
        await using var test = await WithMedications();

        Assert.Equal(expected, Text((await test.Search(type, query)).Matches));
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, (await test.Search(type, query + "&_total=accurate&_count=1")).Total);
    }

    [Fact]
    public async Task AMatchThatIsContainedIsGivenAsItStandsThere()
    {
        await using var test = await WithMedications();

        var match = (await test.Search("Medication", "_contained=true&_containedType=contained&ingredient-code=abc&_count=1")).Matches.Single();

        Assert.Equal(("MedicationRequest", "23", "m1"), (match.Type, match.Id, match.ContainedId));
        Assert.Equal(Medication, TestStore.Text(match));
    }

    [Theory]
    [InlineData("_contained=both&_containedType=contained", "23#m1 alone 24#m1 25#m1")]
    [InlineData("_contained=both", "23 alone 24 25")]
    [InlineData("_contained=true", "23 24 25")]
    public async Task PagesGoOnWhereTheyEnded(string query, string expected)
    {
        await using var test = await WithMedications();
        var parsed = SearchRequest.Parse(test.Store.SearchParameters, "Medication", query + "&_count=1").Value.Query;
        var all = new List<StoredResource>();
        do
        {
            var page = (await test.Store.Search(parsed, Cancel)).Value;
            all.AddRange(page.Matches);
            parsed = parsed with { Cursor = page.Next };
        }
        while (parsed.Cursor is not null);

        Assert.Equal(expected, Text(all));
    }

    [Fact]
    public async Task WhatIsNotContainedAnyMoreIsNotFound()
    {
        await using var test = await WithMedications();
        await test.Update("""{"resourceType":"MedicationRequest","status":"active","intent":"order","medicationReference":{"reference":"Medication/alone"},"subject":{"reference":"Patient/p"} }""", "23");

        Assert.Equal("24", Text((await test.Search("Medication", "ingredient-code=abc&_contained=true")).Matches));
        Assert.Equal(0, (await ((IStoreMaintenance)test.Store).Check(Cancel)).FaultCount);
    }

    /// <summary>
    /// The law that ties what is compared in memory to what the index finds: examples stored alone, and the same examples contained in other resources, are
    /// found by the same queries. Each parameter of each type that has a value in an example; forms in turn.
    /// </summary>
    [Fact]
    public async Task WhatIsContainedIsFoundByTheQueriesThatWouldFindItAlone()
    {
        await using var test = new TestStore();
        var examples = R4Examples.All.Where(example => example.Utf8.Length < 20_000 && !Encoding.UTF8.GetString(example.Utf8).Contains("\"contained\"", StringComparison.Ordinal))
            .GroupBy(example => TestStore.Document(Encoding.UTF8.GetString(example.Utf8)).ResourceType).SelectMany(group => group.Take(2)).ToList();
        for (var number = 0; number < examples.Count; number++)
        {
            var json = Encoding.UTF8.GetString(examples[number].Utf8);
            await test.Create(json, $"e{number}");
            await test.Create($$"""{"resourceType":"Basic","code":{"text":"x"},"contained":[{{json}}]}""", $"c{number}");
        }

        var judge = new BruteForce(examples.Select((example, number) => ($"e{number}", example.Utf8)));
        var (wrong, queries, form) = (new List<string>(), 0, 0);
        foreach (var group in judge.Resources.GroupBy(entry => entry.Resource.TypeName))
        {
            foreach (var parameter in SearchParameterRegistry.R4.For(group.Key).Where(definition => definition.Type != SearchParameterType.Composite && definition.Code is not ("_id" or "_lastUpdated")))
            {
                if (group.FirstOrDefault(entry => judge.Values(entry.Id, entry.Resource, parameter).Count > 0) is not { Resource: { } resource } one)
                {
                    continue;
                }

                foreach (var choice in new[] { form++, form + 5, 17 })
                {
                    if (MatchingRules.From(parameter, judge.Values(one.Id, resource, parameter)[0], choice) is not { } query || judge.IsAmbiguous(group.Key, parameter, query))
                    {
                        continue;
                    }

                    queries++;
                    var text = $"{parameter.Code}{query.Text}&_count=1000";
                    var alone = (await test.Ids(group.Key, text)).Where(id => id[0] == 'e').Order(StringComparer.Ordinal).ToArray();
                    var contained = (await test.Ids(group.Key, text + "&_contained=true&_containedType=contained")).Select(id => "e" + id[1..]).Order(StringComparer.Ordinal).ToArray();
                    if (!alone.SequenceEqual(contained))
                    {
                        wrong.Add($"{group.Key}?{text}: alone {string.Join(' ', alone)}, contained {string.Join(' ', contained)}");
                    }
                }
            }
        }

        Assert.True(queries > 1500, $"{queries} queries");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {queries}:\n{string.Join('\n', wrong.Take(20))}");
    }

    [Theory]
    [InlineData("component-code-value-quantity=part$3||g", "o")]
    [InlineData("component-code-value-quantity=part$4||g", "")]
    [InlineData("component-code-value-quantity=other$3||g", "")]
    [InlineData("component-code-value-quantity=other$0.004|http://unitsofmeasure.org|kg", "o")]
    [InlineData("code-value-quantity=whole$3", "")]
    public async Task CompositesAskForOneElementThereToo(string query, string expected)
    {
        await using var test = new TestStore();
        await test.Create("""
            {"resourceType":"Basic","code":{"text":"x"},"contained":[{"resourceType":"Observation","id":"o","status":"final","code":{"coding":[{"code":"whole"}]},"component":[
              {"code":{"coding":[{"code":"part"}]},"valueQuantity":{"value":3,"system":"http://unitsofmeasure.org","code":"g"}},
              {"code":{"coding":[{"code":"other"}]},"valueQuantity":{"value":4,"system":"http://unitsofmeasure.org","code":"g"}}]}]}
            """, "b");

        Assert.Equal(expected, string.Join(' ', (await test.Search("Observation", query + "&_contained=true&_containedType=contained")).Matches.Select(match => match.ContainedId)));
    }

    private static string Text(IEnumerable<StoredResource> matches) => string.Join(' ', matches.Select(match => match.ContainedId is { } id ? $"{match.Id}#{id}" : match.Id));

    private static async Task<TestStore> WithMedications()
    {
        var test = new TestStore();
        await test.Create("""{"resourceType":"Organization","name":"Makers of all things"}""", "maker");
        await test.Create(Request("active", Medication), "23");
        await test.Create(Medication, "alone");
        await test.Create(Request("stopped", Medication), "24");
        await test.Create(Request("stopped", """{"resourceType":"Medication","id":"m1","manufacturer":{"reference":"#o"} },{"resourceType":"Organization","id":"o","name":"Inner"}"""), "25");
        return test;
    }

    private static string Request(string status, string contained)
        => $$"""{"resourceType":"MedicationRequest","contained":[{{contained}}],"status":"{{status}}","intent":"order","medicationReference":{"reference":"#m1"},"subject":{"reference":"Patient/p"} }""";
}
