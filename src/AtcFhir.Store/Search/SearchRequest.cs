using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Values;

namespace AtcFhir.Store.Search;

/// <summary>What to do about parameters that are not known. <see href="https://hl7.org/fhir/R4/search.html#errors"/></summary>
public enum SearchHandling
{
    /// <summary>They are left out and named.</summary>
    Lenient,
    /// <summary>They are an error.</summary>
    Strict,
}

/// <summary>Reads the parameters of a search. <see href="https://hl7.org/fhir/R4/search.html"/></summary>
public static class SearchRequest
{
    public const int DefaultCount = 50;

    public const int LargestCount = 1000;

    /// <summary>The parameter that carries <see cref="SearchPage.Next"/>.</summary>
    public const string CursorParameter = "_cursor";

    private const int MostCriteria = 100;

    private const int MostParameters = 1000;

    /// <summary>
    /// Understands decoded name and value pairs as they stand in the URL (<c>subject:Patient=1</c> is "subject:Patient", "1").
    /// A failure names the parameter. Parameters about the form of the answer (_format, _pretty, _elements, _summary other than count) are passed over.
    /// </summary>
    /// <param name="type">The resource type of the URL; null for a search over all types (with _type perhaps).</param>
    public static Result<ParsedSearch> Parse(
        SearchParameterRegistry registry,
        string? type,
        IEnumerable<KeyValuePair<string, string>> parameters,
        SearchHandling handling = SearchHandling.Lenient)
    {
        var given = parameters.Where(parameter => parameter.Value.Length > 0).ToList();
        if (given.Count > MostParameters)
        {
            return new Failure(FailureKind.Malformed, IssueCode.TooCostly, $"A search has at most {MostParameters} parameters.");
        }

        if (!SearchTypes.Of(type, given).TryGet(out var types, out var failure))
        {
            return failure;
        }

        var criteria = new CriterionParser(registry);
        var results = new ResultParameters(registry, types.Names);
        var texts = new List<(bool, TextExpression)>();
        var nears = new List<NearCondition>();
        var (used, ignored, conditions) = (new List<KeyValuePair<string, string>>(), new List<Issue>(), new List<Criterion>());
        var isUnsorted = given.Exists(parameter => parameter is { Key: "_contained", Value: not "false" });
        foreach (var (name, value) in given)
        {
            var isResult = isUnsorted && name == "_sort" ? Unsorted(out failure)
                : name == "_type" && type is not null && value != type ? OfOneType(type, out failure)
                : results.TryAdd(name, value, out failure);
            if (failure is null && !isResult && name is "_text" or "_content")
            {
                if (TextExpression.Parse(name, value).TryGet(out var expression, out failure))
                {
                    texts.Add((name == "_text", expression));
                }
            }
            else if (failure is null && !isResult && name == NearCondition.Name && types.Names is ["Location"])
            {
                if (NearCondition.Parse(value).TryGet(out var near, out failure))
                {
                    nears.Add(near);
                }
            }
            else if (failure is null && !isResult)
            {
                if (criteria.Parse(types.Searched, name, value).TryGet(out var criterion, out failure))
                {
                    conditions.Add(criterion);
                }
            }

            if (failure is null)
            {
                used.Add(new(name, value));
            }
            else if (handling == SearchHandling.Lenient && failure.Issues[0].Code == IssueCode.NotSupported && name != FilterCompiler.Name)
            {
                ignored.Add(failure.Issues[0] with { Severity = IssueSeverity.Warning });
            }
            else
            {
                return failure;
            }
        }

        if (conditions.Count > MostCriteria)
        {
            return new Failure(FailureKind.Malformed, IssueCode.TooCostly, $"A search has at most {MostCriteria} conditions.");
        }

        var scope = string.Join('&', used.Where(parameter => parameter.Key is not (CursorParameter or "_count" or "_total" or "_format" or "_pretty" or "_elements" or "_summary"))
            .Select(parameter => $"{parameter.Key}={parameter.Value}"));
        return new ParsedSearch(results.Query with { Types = types.Names, Criteria = conditions, Texts = texts, Nears = nears, Scope = $"{string.Join(',', types.Names)}?{scope}" }, used, ignored);
    }

    /// <summary>The URL names the type already.</summary>
    private static bool OfOneType(string type, out Failure? failure)
    {
        failure = SearchFailure.Parameter("_type", $"this search is over {type} alone.", IssueCode.NotSupported);
        return true;
    }

    /// <summary>What is contained has no values to sort by in the index.</summary>
    private static bool Unsorted(out Failure? failure)
    {
        failure = SearchFailure.Parameter("_sort", "matches that may be contained in other resources are given in the order of these.", IssueCode.NotSupported);
        return true;
    }

    /// <summary>The same for an encoded query string, with or without the question mark: that of If-None-Exist or of a conditional reference.</summary>
    public static Result<ParsedSearch> Parse(
        SearchParameterRegistry registry,
        string? type,
        string queryString,
        SearchHandling handling = SearchHandling.Lenient) => Parse(registry, type, QueryText.Decode(queryString), handling);
}

/// <param name="Used">The parameters that were understood, for the self link, in the order given.</param>
/// <param name="Ignored">One warning a parameter that was left out.</param>
public sealed record ParsedSearch(SearchQuery Query, IReadOnlyList<KeyValuePair<string, string>> Used, IReadOnlyList<Issue> Ignored);
