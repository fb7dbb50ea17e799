using AtcFhir.R4.Outcomes;

namespace AtcFhir.Store.Search;

/// <summary>What can be wrong with a search.</summary>
internal static class SearchFailure
{
    public static Failure BadCursor() => new(FailureKind.Malformed, IssueCode.Value, $"{SearchRequest.CursorParameter} was not given out for this query, or not by this server.");

    public static Failure TooCostly() => new(FailureKind.Busy, IssueCode.TooCostly, "The search needs more time than a search gets here; narrow it down.");

    public static Failure Behind() => new(FailureKind.Busy, IssueCode.Transient, "The search index is being loaded; ask again.");

    public static Failure Parameter(string parameter, string text, string code = IssueCode.Value) => new(FailureKind.Malformed, code, $"{parameter}: {text}");
}
