using AtcFhir.Store.Search;
using CsCheck;

namespace AtcFhir.Tests.Store.Search;

/// <summary>_filter: the examples of its page, each operator, and the laws of and, or and not.</summary>
public class FilterTests
{
    [Theory]
    [InlineData("Patient", "name co \"pet\"", "peter,petra")]
    [InlineData("Patient", "given eq \"peter\" and birthdate ge 2014-10-10", "peter")]
    [InlineData("Observation", "code eq http://loinc.org|1234-5", "o-peter")]
    [InlineData("Observation", "subject.name co \"pet\"", "o-peter,o-petra")]
    [InlineData("Observation", "subject:Patient.name co \"pet\"", "o-peter,o-petra")]
    [InlineData("Observation", "subject[gender eq female].name co \"pet\"", "o-petra")]
    [InlineData("Observation", "subject re Patient/peter", "o-peter")]
    [InlineData("Observation", "subject eq Patient/peter", "o-peter")]
    [InlineData("Observation", "subject ne Patient/peter", "o-john,o-petra")]
    [InlineData("Patient", "given eq \"pete\"", "")]
    [InlineData("Patient", "given eq \"PETER\"", "peter")]
    [InlineData("Patient", "given sw pet", "peter,petra")]
    [InlineData("Patient", "given ew TER", "peter")]
    [InlineData("Patient", "given ne \"peter\"", "john,petra")]
    [InlineData("Patient", "not (given eq \"peter\")", "john,petra")]
    [InlineData("Patient", "not(given sw pet)", "john")]
    [InlineData("Patient", "gender eq male and given sw p or given eq john", "john,peter")]
    [InlineData("Patient", "given eq john or given sw p and gender eq female", "john,petra")]
    [InlineData("Patient", "(given eq john or given sw p) and gender eq female", "petra")]
    [InlineData("Patient", "birthdate pr true", "peter,petra")]
    [InlineData("Patient", "birthdate pr false", "john")]
    [InlineData("Patient", "birthdate eq 2015", "peter")]
    [InlineData("Patient", "birthdate po 2015-06", "")]
    [InlineData("Patient", "birthdate lt 2015", "petra")]
    [InlineData("Patient", "birthdate sa 2014-12-31", "peter")]
    [InlineData("Patient", "gender ne male", "petra")]
    [InlineData("Patient", "gender co MAL", "john,peter,petra")]
    [InlineData("Patient", "gender sw fe", "petra")]
    [InlineData("Patient", "_id eq john", "john")]
    [InlineData("Patient", "_id ne john", "peter,petra")]
    [InlineData("Patient", "_lastUpdated gt 2000", "john,peter,petra")]
    [InlineData("Observation", "value-quantity gt 5", "o-john,o-petra")]
    [InlineData("Observation", "value-quantity le 5 and code pr true", "o-peter")]
    [InlineData("Patient", "_has:Observation:subject:value-quantity gt 8", "john")]
    [InlineData("Patient", "identifier eq urn:a|1", "peter")]
    public async Task FindsWhatTheFilterSays(string type, string filter, string expected)
    {
        await using var test = await Family();

        Assert.Equal(expected, string.Join(',', (await test.Ids(type, "_filter=" + Uri.EscapeDataString(filter))).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("given")]
    [InlineData("given eq")]
    [InlineData("given equals x")]
    [InlineData("(given eq x")]
    [InlineData("given eq \"x")]
    [InlineData("given eq x and")]
    [InlineData("given eq x given eq y")]
    [InlineData("not given eq x")]
    [InlineData("nothing eq x")]
    [InlineData("birthdate co 2015")]
    [InlineData("birthdate eq soon")]
    [InlineData("gender.name eq x")]
    [InlineData("general-practitioner[name eq x]")]
    [InlineData("given in http://example.org/set")]
    public void WhatCannotBeUnderstoodIsAnErrorAlsoForLenientClients(string filter)
        => Assert.NotNull(SearchRequest.Parse(SearchParameterRegistry.R4, "Patient", "_filter=" + Uri.EscapeDataString(filter)).Failure);

    [Theory]
    [InlineData("nothing eq x")]
    [InlineData("general-practitioner.nothing eq x")]
    [InlineData("general-practitioner[nothing eq x].name eq y")]
    [InlineData("_has:Observation:subject:nothing eq x")]
    public void AParameterThatIsNotKnownIsNotSupportedAsOutsideOfFilters(string filter)
    {
        foreach (var handling in new[] { SearchHandling.Lenient, SearchHandling.Strict })
        {
            Assert.Equal("not-supported", SearchRequest.Parse(SearchParameterRegistry.R4, "Patient", "_filter=" + Uri.EscapeDataString(filter), handling).Failure!.Issues[0].Code);
        }
    }

    [Fact]
    public void DeepNestingEndsInAFailure()
        => Assert.NotNull(SearchRequest.Parse(SearchParameterRegistry.R4, "Patient", "_filter=" + new string('(', 5000) + "given eq x" + new string(')', 5000)).Failure);

    [Fact]
    public async Task AndIsTheIntersectionOrTheUnionNotTheRest()
    {
        await using var test = await Family();
        string[] tests = ["given sw p", "gender eq male", "birthdate pr true", "birthdate lt 2015", "_id eq john", "identifier pr true"];
        var all = (await test.Ids("Patient", "")).ToHashSet();

        await Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[0, 3]).SampleAsync(
            async (a, b, c, shape) =>
            {
                var (first, second, third) = (await Found(tests[a]), await Found(tests[b]), await Found(tests[c]));
                var (filter, expected) = shape switch
                {
                    0 => ($"{tests[a]} and {tests[b]} or {tests[c]}", first.Intersect(second).Union(third)),
                    1 => ($"{tests[a]} or {tests[b]} and {tests[c]}", second.Intersect(third).Union(first)),
                    2 => ($"not ({tests[a]} or {tests[b]}) and {tests[c]}", all.Except(first.Union(second)).Intersect(third)),
                    _ => ($"{tests[a]} and not (not ({tests[b]}) and {tests[c]})", first.Except(all.Except(second).Intersect(third))),
                };
                Assert.Equal(expected.Order(StringComparer.Ordinal), (await Found(filter)).Order(StringComparer.Ordinal));
            },
            iter: 200,
            threads: 1);

        async Task<HashSet<string>> Found(string filter) => [.. await test.Ids("Patient", "_filter=" + Uri.EscapeDataString(filter))];
    }

    private static async Task<TestStore> Family()
    {
        var test = new TestStore();
        await test.Create("""{"resourceType":"Patient","identifier":[{"system":"urn:a","value":"1"}],"name":[{"given":["Peter"]}],"gender":"male","birthDate":"2015-01-01"}""", "peter");
        await test.Create("""{"resourceType":"Patient","name":[{"given":["Petra"]}],"gender":"female","birthDate":"2012-01-01"}""", "petra");
        await test.Create("""{"resourceType":"Patient","name":[{"given":["John"]}],"gender":"male"}""", "john");
        await test.Create("""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"1234-5"}]},"subject":{"reference":"Patient/peter"},"valueQuantity":{"value":5}}""", "o-peter");
        await test.Create("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/petra"},"valueQuantity":{"value":6}}""", "o-petra");
        await test.Create("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/john"},"valueQuantity":{"value":9}}""", "o-john");
        return test;
    }
}
