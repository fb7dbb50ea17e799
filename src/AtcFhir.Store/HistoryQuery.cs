namespace AtcFhir.Store;

/// <summary>Asks for versions, newest first: of one resource, of a type, or of the whole store. <see href="https://hl7.org/fhir/R4/http.html#history"/></summary>
/// <param name="Type">Null for the whole store.</param>
/// <param name="Id">With a type: of that resource.</param>
/// <param name="Since">Versions made at or after this instant.</param>
/// <param name="At">Versions that were current at some time in this range of [from, to).</param>
/// <param name="Cursor">The <see cref="HistoryPage.Next"/> of the page before.</param>
public sealed record HistoryQuery(
    string? Type = null,
    string? Id = null,
    DateTimeOffset? Since = null,
    (DateTimeOffset From, DateTimeOffset To)? At = null,
    int Count = 100,
    string? Cursor = null)
{
    /// <summary>Of the whole store only these types; empty for all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];
}

/// <param name="Next">Opaque and signed; null on the last page.</param>
/// <param name="Total">How many there are over all pages.</param>
public sealed record HistoryPage(IReadOnlyList<StoredResource> Entries, string? Next, long Total);

/// <summary>Which writes the feed shows.</summary>
/// <param name="Types">Only of these resource types; null for all.</param>
public sealed record ChangeFilter(IReadOnlyCollection<string>? Types = null)
{
    public static ChangeFilter All { get; } = new();
}
