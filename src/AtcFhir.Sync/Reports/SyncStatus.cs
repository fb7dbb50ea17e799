namespace AtcFhir.Sync.Reports;

/// <summary>How things stand with one hospital, read from the store: true at any time, also between passes.</summary>
/// <param name="State">never run, running or suspect (the hospital seems to be a restored backup: nothing is pushed until a person has looked).</param>
/// <param name="Links">Hospital resources that have a counterpart in the trial.</param>
/// <param name="Delivered">Trial resources that were read back at the hospital.</param>
/// <param name="Pending">Trial resources on their way.</param>
/// <param name="Conflicts">Delivered resources that changed or vanished at the hospital; a person decides.</param>
/// <param name="Worklist">Trial resources that a person is to enter at the hospital.</param>
/// <param name="OldestCursor">The stream that is furthest behind; null when one was never read to its end.</param>
public sealed record SyncStatus(
    string Hospital,
    string State,
    int Enrolled,
    int Streams,
    DateTimeOffset? OldestCursor,
    int Links,
    int Delivered,
    int Pending,
    int Quarantined,
    int Conflicts,
    int Worklist,
    IReadOnlyDictionary<string, int> Skipped,
    DateTimeOffset? LastPass,
    string? LastFault);
