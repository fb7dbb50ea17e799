using AtcFhir.Store;
using AtcFhir.Store.Side;

namespace AtcFhir.Sync.Ledger;

/// <summary>
/// The right to work on a hospital. Its epoch rises with each taking, and every commit of a pass carries <see cref="Fence"/>: a pass that was
/// paused so long that another one took over can commit nothing any more.
/// </summary>
internal sealed record Lease(string Hospital, string Owner, long Epoch, TimeSpan Length)
{
    /// <summary>The lease, or null while somebody else holds it.</summary>
    public static async Task<Lease?> AcquireAsync(IResourceStore store, string hospital, string owner, TimeSpan length, DateTimeOffset now, CancellationToken cancel)
    {
        var commit = await store.Commit(new WriteBatch([], null)
        {
            Statements =
            [
                SideStatement.Of("INSERT INTO sync_hospital (name, state, epoch, until) VALUES ($1, 'running', 0, 0) ON CONFLICT DO NOTHING", hospital),
                new("UPDATE sync_hospital SET owner = $2, epoch = epoch + 1, until = $3 WHERE name = $1 AND (owner IS NULL OR until < $4)",
                    [hospital, owner, LedgerWrites.Ms(now + length), LedgerWrites.Ms(now)], ExpectedRows: 1),
            ],
        }, cancel).ConfigureAwait(false);
        if (!commit.Committed)
        {
            return null;
        }

        var rows = await store.Query(SideQuery.Of("SELECT epoch FROM sync_hospital WHERE name = $1 AND owner = $2", hospital, owner), cancel).ConfigureAwait(false);
        return rows.Count == 0 ? null : new Lease(hospital, owner, rows[0].Long(0), length);
    }

    /// <summary>Lets a batch pass only while the lease is ours, and prolongs it.</summary>
    public SideStatement Fence(DateTimeOffset now) => new(
        "UPDATE sync_hospital SET until = $3 WHERE name = $1 AND epoch = $2", [Hospital, Epoch, LedgerWrites.Ms(now + Length)], ExpectedRows: 1);

    /// <summary>Gives the hospital back and notes how the pass ended.</summary>
    public Task ReleaseAsync(IResourceStore store, DateTimeOffset now, string? fault, CancellationToken cancel) => store.Commit(new WriteBatch([], null)
    {
        Statements = [SideStatement.Of("UPDATE sync_hospital SET owner = NULL, until = 0, last_pass = $3, last_fault = $4 WHERE name = $1 AND epoch = $2", Hospital, Epoch, LedgerWrites.Ms(now), fault)],
    }, cancel).AsTask();
}
