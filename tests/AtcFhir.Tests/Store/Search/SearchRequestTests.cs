using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Search;

namespace AtcFhir.Tests.Store.Search;

public class SearchRequestTests
{
    [Theory]
    [InlineData("Observation", "date=yesterday", "date")]
    [InlineData("Observation", "date=2019-13", "date")]
    [InlineData("Observation", "value-quantity=much", "value-quantity")]
    [InlineData("Observation", "value-quantity=1|2|3|4", "value-quantity")]
    [InlineData("Observation", "code:exact=x", "code:exact")]
    [InlineData("Observation", "subject:Nobody=1", "subject:Nobody")]
    [InlineData("Observation", "subject:missing=perhaps", "subject:missing")]
    [InlineData("Observation", "code-value-quantity=1", "code-value-quantity")]
    [InlineData("Observation", "_count=many", "_count")]
    [InlineData("Observation", "_total=exact", "_total")]
    [InlineData("Observation", "_include=Nothing:subject", "_include")]
    [InlineData("Observation", "_include=Observation:code", "_include")]
    [InlineData("Observation", "_has:Observation:code=1", "_has:Observation:code")]
    [InlineData("Observation", "_lastUpdated=x", "_lastUpdated")]
    [InlineData("Observation", "_contained=yes", "_contained")]
    [InlineData("Observation", "_containedType=both", "_containedType")]
    [InlineData("Observation", "code.text=1", "code.text")]
    [InlineData("Patient", "name=%20", "name")]
    public void AValueThatCannotBeReadIsRefusedByName(string type, string query, string parameter)
    {
        var failure = SearchRequest.Parse(SearchParameterRegistry.R4, type, query).Failure;

        Assert.Equal(FailureKind.Malformed, failure?.Kind);
        Assert.StartsWith(parameter + ":", failure!.Issues[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("patients=1")]
    [InlineData("_query=name")]
    [InlineData("_list=$current-problems")]
    [InlineData("_sort=_id&_contained=true")]
    [InlineData("subject.shoe-size=43")]
    [InlineData("_sort=shoe-size")]
    public void AnUnknownParameterIsLeftOutOrRefusedAsTheClientPrefers(string query)
    {
        var lenient = SearchRequest.Parse(SearchParameterRegistry.R4, "Observation", $"status=final&{query}");
        var strict = SearchRequest.Parse(SearchParameterRegistry.R4, "Observation", $"status=final&{query}", SearchHandling.Strict);

        Assert.Equal(["status"], lenient.Value.Used.Select(parameter => parameter.Key).Where(key => key != "_contained"));
        Assert.Equal(IssueSeverity.Warning, Assert.Single(lenient.Value.Ignored).Severity);
        Assert.Equal(IssueCode.NotSupported, strict.Failure!.Issues[0].Code);
    }

    [Fact]
    public void ParametersAboutTheFormOfTheAnswerArePassedOver()
    {
        var parsed = SearchRequest.Parse(SearchParameterRegistry.R4, "Patient", "_format=json&_pretty=true&_elements=id&_summary=true&name=&active=true", SearchHandling.Strict);

        Assert.Single(parsed.Value.Query.Criteria);
        Assert.Equal(5, parsed.Value.Used.Count);
    }

    [Fact]
    public void AChainIsNotFollowedForEver()
    {
        var query = string.Concat(Enumerable.Repeat("part-of.", 100)) + "status=final";

        Assert.Equal(IssueCode.TooCostly, SearchRequest.Parse(SearchParameterRegistry.R4, "Observation", query).Failure?.Issues[0].Code);
    }

    [Fact]
    public void AnUnknownTypeIsRefused()
    {
        Assert.NotNull(SearchRequest.Parse(SearchParameterRegistry.R4, "Nobody", "").Failure);
        Assert.NotNull(SearchRequest.Parse(SearchParameterRegistry.R4, null, "_type=Patient,Nobody").Failure);
    }

    [Fact]
    public void EveryOfficialParameterOfEveryTypeCompiles()
    {
        var types = AtcFhir.R4.Definitions.R4Definitions.Types.Where(type => type.IsResource && !type.IsAbstract).Select(type => type.Name).ToList();

        var parameters = types.SelectMany(type => SearchParameterRegistry.R4.For(type).Select(definition => (type, definition.Code, definition.Type))).ToList();

        // 1372 uses of the official parameters have an expression; Resource's own six apply to each type.
        Assert.All(types, type => Assert.Contains(SearchParameterRegistry.R4.For(type), definition => definition.Code == "_lastUpdated"));
        Assert.True(parameters.Count > 1400, $"{parameters.Count}");
        Assert.Contains(("Observation", "combo-code-value-quantity", AtcFhir.R4.Definitions.SearchParameterType.Composite), parameters);
    }
}
