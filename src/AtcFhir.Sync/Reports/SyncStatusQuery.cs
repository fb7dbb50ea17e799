using AtcFhir.Store;
using AtcFhir.Store.Side;
using AtcFhir.Sync.Hospital;

namespace AtcFhir.Sync.Reports;

/// <summary>How things stand, for the status page and <c>atcfhir sync status</c>.</summary>
public sealed class SyncStatusQuery
{
    private const string Sql = """
        SELECT
            (SELECT state FROM sync_hospital WHERE name = $1),
            (SELECT last_pass FROM sync_hospital WHERE name = $1),
            (SELECT last_fault FROM sync_hospital WHERE name = $1),
            (SELECT COUNT(*) FROM sync_enrolment WHERE hospital = $1 AND state = 'Active'),
            (SELECT COUNT(*) FROM sync_stream WHERE hospital = $1),
            (SELECT MIN(coalesce(cursor, swept, 0)) FROM sync_stream WHERE hospital = $1 AND stream <> 'Patient'),
            (SELECT COUNT(*) FROM sync_link WHERE hospital = $1 AND state = 'Live'),
            (SELECT COUNT(*) FROM sync_base WHERE hospital = $1 AND state = 'Delivered'),
            (SELECT COUNT(*) FROM sync_intent WHERE hospital = $1 AND state <> 'Done'),
            (SELECT COUNT(*) FROM sync_quarantine WHERE hospital = $1),
            (SELECT COUNT(*) FROM sync_base WHERE hospital = $1 AND state IN ('Conflict', 'Lost')),
            (SELECT COUNT(*) FROM sync_base WHERE hospital = $1 AND state = 'Worklist')
        """;

    private readonly IResourceStore store;
    private readonly HospitalDirectory hospitals;

    internal SyncStatusQuery(IResourceStore store, HospitalDirectory hospitals) => (this.store, this.hospitals) = (store, hospitals);

    /// <summary>One status a configured hospital, by name.</summary>
    public async Task<IReadOnlyList<SyncStatus>> ReadAsync(CancellationToken cancel)
    {
        var list = new List<SyncStatus>();
        foreach (var name in hospitals.Hospitals.Keys.Order(StringComparer.Ordinal))
        {
            var row = (await store.Query(SideQuery.Of(Sql, name), cancel).ConfigureAwait(false))[0];
            var skipped = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var code in await store.Query(SideQuery.Of("SELECT code, COUNT(*) FROM sync_skipped WHERE hospital = $1 GROUP BY code ORDER BY code", name), cancel).ConfigureAwait(false))
            {
                skipped[code.Text(0)] = (int)code.Long(1);
            }

            var oldest = row.LongOrNull(5) is > 0 and var ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : (DateTimeOffset?)null;
            list.Add(new SyncStatus(
                name, row.TextOrNull(0) ?? "never run", Count(3), Count(4), oldest, Count(6), Count(7), Count(8), Count(9), Count(10), Count(11), skipped, row.TimeOrNull(1), row.TextOrNull(2)));

            int Count(int column) => (int)row.Long(column);
        }

        return list;
    }
}
