namespace AtcFhir.Sync.Reports;

/// <summary>How things stand, for the status page and <c>atcfhir sync status</c>.</summary>
public sealed class SyncStatusQuery
{
    internal SyncStatusQuery() { }

    /// <summary>One status a configured hospital, by name.</summary>
    public Task<IReadOnlyList<SyncStatus>> ReadAsync(CancellationToken cancel) => throw new NotImplementedException();
}
