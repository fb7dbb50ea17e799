using AtcFhir.R4.Outcomes;

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

    /// <summary>The parameter that carries <see cref="SearchPage.Next"/>.</summary>
    public const string CursorParameter = "_cursor";

    /// <summary>
    /// Understands decoded name and value pairs as they stand in the URL (<c>subject:Patient=1</c> is "subject:Patient", "1").
    /// A failure names the parameter. Parameters about the form of the answer (_format, _pretty, _elements, _summary other than count) are passed over.
    /// </summary>
    /// <param name="type">The resource type of the URL; null for a search over all types (with _type perhaps).</param>
    public static Result<ParsedSearch> Parse(
        SearchParameterRegistry registry,
        string? type,
        IEnumerable<KeyValuePair<string, string>> parameters,
        SearchHandling handling = SearchHandling.Lenient) => throw new NotImplementedException();

    /// <summary>The same for an encoded query string, with or without the question mark: that of If-None-Exist or of a conditional reference.</summary>
    public static Result<ParsedSearch> Parse(
        SearchParameterRegistry registry,
        string? type,
        string queryString,
        SearchHandling handling = SearchHandling.Lenient) => throw new NotImplementedException();
}

/// <param name="Used">The parameters that were understood, for the self link, in the order given.</param>
/// <param name="Ignored">One warning a parameter that was left out.</param>
public sealed record ParsedSearch(SearchQuery Query, IReadOnlyList<KeyValuePair<string, string>> Used, IReadOnlyList<Issue> Ignored);
