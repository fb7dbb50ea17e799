using AtcFhir.Store;
using AtcFhir.Store.Side;

namespace AtcFhir.Sync.Ledger;

/// <summary>Reads of the sync's tables.</summary>
internal static class LedgerReads
{
    public static async Task<IReadOnlyList<EnrolmentRow>> EnrolmentsAsync(this IResourceStore store, string? hospital, CancellationToken cancel)
        => await ListAsync(store, SideQuery.Of(
            $"SELECT {EnrolmentRow.Columns} FROM sync_enrolment WHERE ($1 IS NULL OR hospital = $1) ORDER BY hospital, study, subject_number", hospital), EnrolmentRow.Read, cancel).ConfigureAwait(false);

    public static Task<EnrolmentRow?> EnrolmentAsync(this IResourceStore store, string surrogate, CancellationToken cancel)
        => FirstAsync(store, SideQuery.Of($"SELECT {EnrolmentRow.Columns} FROM sync_enrolment WHERE surrogate = $1 ORDER BY state, study", surrogate), EnrolmentRow.Read, cancel);

    public static Task<EnrolmentRow?> EnrolmentOfAsync(this IResourceStore store, string patientId, CancellationToken cancel)
        => FirstAsync(store, SideQuery.Of($"SELECT {EnrolmentRow.Columns} FROM sync_enrolment WHERE patient_id = $1 ORDER BY state, study", patientId), EnrolmentRow.Read, cancel);

    public static Task<LinkRow?> LinkAsync(this IResourceStore store, string surrogate, CancellationToken cancel)
        => FirstAsync(store, SideQuery.Of($"SELECT {LinkRow.Columns} FROM sync_link WHERE surrogate = $1", surrogate), LinkRow.Read, cancel);

    public static Task<IReadOnlyList<LinkRow>> LinksAsync(this IResourceStore store, string patient, string stream, CancellationToken cancel)
        => ListAsync(store, SideQuery.Of($"SELECT {LinkRow.Columns} FROM sync_link WHERE patient = $1 AND stream = $2 ORDER BY surrogate", patient, stream), LinkRow.Read, cancel);

    public static Task<IReadOnlyList<LinkRow>> QuarantinedLinksAsync(this IResourceStore store, string hospital, CancellationToken cancel)
        => ListAsync(store, SideQuery.Of($"SELECT {LinkRow.Columns} FROM sync_link WHERE hospital = $1 AND state = 'Quarantined'", hospital), LinkRow.Read, cancel);

    /// <summary>True when the trial resource came from a hospital, as trial resource or as pseudonymised source.</summary>
    public static async Task<bool> IsFromHospitalAsync(this IResourceStore store, string type, string id, CancellationToken cancel)
        => (await store.Query(SideQuery.Of("SELECT 1 FROM sync_link WHERE local_type = $1 AND (local_id = $2 OR source_id = $2) LIMIT 1", type, id), cancel).ConfigureAwait(false)).Count > 0;

    public static async Task<StreamRow> StreamAsync(this IResourceStore store, string hospital, string patient, string stream, CancellationToken cancel)
        => await FirstAsync(store, SideQuery.Of($"SELECT {StreamRow.Columns} FROM sync_stream WHERE patient = $1 AND stream = $2", patient, stream), StreamRow.Read, cancel).ConfigureAwait(false)
            ?? new StreamRow(hospital, patient, stream, null, null);

    public static Task<BaseRow?> BaseAsync(this IResourceStore store, string hospital, string type, string id, CancellationToken cancel)
        => FirstAsync(store, SideQuery.Of($"SELECT {BaseRow.ReadColumns} FROM sync_base WHERE hospital = $1 AND local_type = $2 AND local_id = $3", hospital, type, id), BaseRow.Read, cancel);

    public static Task<BaseRow?> BaseOfSurrogateAsync(this IResourceStore store, string surrogate, CancellationToken cancel)
        => FirstAsync(store, SideQuery.Of($"SELECT {BaseRow.ReadColumns} FROM sync_base WHERE surrogate = $1", surrogate), BaseRow.Read, cancel);

    public static Task<IntentRow?> OpenIntentAsync(this IResourceStore store, string hospital, string type, string id, CancellationToken cancel)
        => FirstAsync(store, SideQuery.Of($"SELECT {IntentRow.Columns} FROM sync_intent WHERE hospital = $1 AND local_type = $2 AND local_id = $3 AND state IN ('Sent', 'Unknown', 'Parked')", hospital, type, id), IntentRow.Read, cancel);

    public static Task<ConflictRow?> ConflictAsync(this IResourceStore store, string hospital, string type, string id, CancellationToken cancel)
        => FirstAsync(store, SideQuery.Of($"SELECT {ConflictRow.Columns} FROM sync_conflict WHERE hospital = $1 AND local_type = $2 AND local_id = $3", hospital, type, id), ConflictRow.Read, cancel);

    /// <summary>Everything whose outcome at the hospital is not known yet, oldest first.</summary>
    public static Task<IReadOnlyList<IntentRow>> UnsettledIntentsAsync(this IResourceStore store, string hospital, CancellationToken cancel)
        => ListAsync(store, SideQuery.Of($"SELECT {IntentRow.Columns} FROM sync_intent WHERE hospital = $1 AND state IN ('Sent', 'Unknown') ORDER BY made, key", hospital), IntentRow.Read, cancel);

    public static Task<IReadOnlyList<BaseRow>> BasesAsync(this IResourceStore store, string hospital, CancellationToken cancel)
        => ListAsync(store, SideQuery.Of($"SELECT {BaseRow.ReadColumns} FROM sync_base WHERE hospital = $1 ORDER BY local_type, local_id", hospital), BaseRow.Read, cancel);

    private static async Task<IReadOnlyList<T>> ListAsync<T>(IResourceStore store, SideQuery query, Func<SideRow, T> read, CancellationToken cancel)
    {
        var rows = await store.Query(query, cancel).ConfigureAwait(false);
        var list = new List<T>(rows.Count);
        foreach (var row in rows)
        {
            list.Add(read(row));
        }

        return list;
    }

    private static async Task<T?> FirstAsync<T>(IResourceStore store, SideQuery query, Func<SideRow, T> read, CancellationToken cancel) where T : class
    {
        var rows = await store.Query(query, cancel).ConfigureAwait(false);
        return rows.Count == 0 ? null : read(rows[0]);
    }
}
