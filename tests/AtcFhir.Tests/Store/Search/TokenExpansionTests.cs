using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Search;

namespace AtcFhir.Tests.Store.Search;

public class TokenExpansionTests
{
    [Theory]
    [InlineData("code:in=http://example.org/set", "a,b")]
    [InlineData("code:not-in=http://example.org/set", "c,d")]
    [InlineData("code:below=urn:s|A", "a,b")]
    [InlineData("code:below=A", "a,b")]
    [InlineData("code:above=urn:s|B", "a,b")]
    [InlineData("code:above=urn:s|A", "a")]
    [InlineData("code:in=http://example.org/empty", "")]
    [InlineData("code:not-in=http://example.org/empty", "a,b,c,d")]
    [InlineData("_filter=code in http://example.org/set", "a,b")]
    [InlineData("_filter=code ss urn:s|A", "a,b")]
    [InlineData("_filter=code sb urn:s|B", "a,b")]
    public async Task ACodeStandsForManyCodes(string query, string expected)
    {
        await using var test = new TestStore(options => options with { SearchParameters = SearchParameterRegistry.R4.With(new Terminology()) });
        foreach (var (id, system, code) in new[] { ("a", "urn:s", "A"), ("b", "urn:s", "B"), ("c", "urn:s", "C"), ("d", "urn:other", "A") })
        {
            await test.Create($$"""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"{{system}}","code":"{{code}}"}]} }""", id);
        }

        Assert.Equal(expected, string.Join(',', (await test.Ids("Observation", query)).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void AnUnknownSetOrTooManyCodesAreErrors()
    {
        var registry = SearchParameterRegistry.R4.With(new Terminology());

        Assert.Equal(IssueCode.Value, SearchRequest.Parse(registry, "Observation", "code:in=http://example.org/unknown").Failure!.Issues[0].Code);
        Assert.Equal(IssueCode.TooCostly, SearchRequest.Parse(registry, "Observation", "code:in=http://example.org/large").Failure!.Issues[0].Code);
        Assert.NotNull(SearchRequest.Parse(SearchParameterRegistry.R4, "Observation", "code:in=http://example.org/set").Failure);
    }

    /// <summary>A subsumes B.</summary>
    private sealed class Terminology : ISearchTerminology
    {
        public Result<IReadOnlyList<SystemCode>> Members(string valueSet) => valueSet switch
        {
            "http://example.org/set" => Codes("A", "B"),
            "http://example.org/empty" => Codes(),
            "http://example.org/large" => Codes([.. Enumerable.Range(0, 20_000).Select(i => i.ToString(CultureInfo.InvariantCulture))]),
            _ => new Failure(FailureKind.NotFound, IssueCode.NotFound, "The value set is not known."),
        };

        public Result<IReadOnlyList<SystemCode>> Below(string? system, string code) => code == "A" ? Codes("A", "B") : Codes(code);

        public Result<IReadOnlyList<SystemCode>> Above(string? system, string code) => code == "B" ? Codes("A", "B") : Codes(code);

        private static Result<IReadOnlyList<SystemCode>> Codes(params string[] codes) => codes.Select(code => new SystemCode("urn:s", code)).ToList();
    }
}
