using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Values;

namespace AtcFhir.Store.Search;

/// <summary>The modifiers of tokens that mean many codes: :in, :not-in, :above, :below. <see href="https://hl7.org/fhir/R4/search.html#token"/></summary>
internal static class TokenExpansion
{
    /// <summary>More codes than this make a query that costs too much.</summary>
    private const int MostCodes = 10_000;

    public static bool Applies(string modifier) => modifier is "in" or "not-in" or "above" or "below";

    public static Result<IReadOnlyList<Operand>> Of(ISearchTerminology? terminology, string full, string modifier, string text)
    {
        if (terminology is null)
        {
            return SearchFailure.Parameter(full, $"the modifier {modifier} needs terminology, which is not served here.");
        }

        if (!Codes(terminology, modifier, text).TryGet(out var codes, out var failure))
        {
            return SearchFailure.Parameter(full, failure.Issues[0].Text, failure.Issues[0].Code == IssueCode.TooCostly ? IssueCode.TooCostly : IssueCode.Value);
        }

        if (codes.Count > MostCodes)
        {
            return SearchFailure.Parameter(full, $"{codes.Count.ToString(CultureInfo.InvariantCulture)} codes are more than a search can look for.", IssueCode.TooCostly);
        }

        // An empty set matches nothing: a code that no resource has.
        return codes.Count == 0
            ? [new TokenOperand("", "\u0000")]
            : codes.Select(Operand (code) => new TokenOperand(code.System, SearchText.FoldCode(code.Code))).Distinct().ToList();
    }

    private static Result<IReadOnlyList<SystemCode>> Codes(ISearchTerminology terminology, string modifier, string text)
    {
        if (modifier is "in" or "not-in")
        {
            // The bar before a version is part of a canonical; a query may escape it.
            return terminology.Members(QueryText.Unescape(text));
        }

        var parts = QueryText.Split(text, '|').Select(QueryText.Unescape).ToList();
        var (system, code) = parts.Count > 1 ? (parts[0], parts[1]) : (null, parts[0]);
        return modifier == "below" ? terminology.Below(system, code) : terminology.Above(system, code);
    }
}
