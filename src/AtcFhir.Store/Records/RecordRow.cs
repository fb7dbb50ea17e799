namespace AtcFhir.Store.Records;

/// <summary>What a resource says about a trial concept: one row, extracted once, when the resource is stored.</summary>
/// <param name="Concept">Id of the concept in the catalogue: "ecog-performance-status".</param>
/// <param name="Subject">The patient surrogate (id of the pseudonymous Patient), or null for what is about the study.</param>
/// <param name="Time">When it was true for the subject.</param>
/// <param name="Values">A JSON object with the concept's values.</param>
public sealed record RecordRow(string Concept, string? Subject, DateTimeOffset? Time, string Values);

/// <summary>Which records, in the order of (time, number of the record).</summary>
/// <param name="AsOf">As the store was at that instant; null for now.</param>
/// <param name="From">Records whose time is at or after it.</param>
/// <param name="To">Records whose time is before it.</param>
/// <param name="After">The <see cref="RecordPage.Next"/> of the page before.</param>
public sealed record RecordQuery(
    string? Concept = null,
    string? Subject = null,
    DateTimeOffset? AsOf = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    int Limit = 10_000,
    RecordPosition? After = null);

/// <summary>Where a page of records ended.</summary>
public sealed record RecordPosition(long? TimeMilliseconds, long Number);

/// <param name="Next">Null on the last page.</param>
public sealed record RecordPage(IReadOnlyList<StoredRecord> Records, RecordPosition? Next);

/// <summary>A record and the version of the resource that says it.</summary>
public sealed record StoredRecord(RecordRow Row, string Type, string Id, string VersionId, DateTimeOffset RecordedAt);
