using AtcFhir.Store;
using AtcFhir.Store.Side;

namespace AtcFhir.Sync.Keys;

/// <summary>
/// Which key store a trial's database belongs to. Beside another one nobody would be found again: every patient would be somebody who is not enrolled, and every
/// hospital resource a new one. It matters most on PostgreSQL, where the database and the key store are not on one disk.
/// </summary>
public static class KeyBinding
{
    /// <summary>Remembers the key store in the database, the first time.</summary>
    /// <exception cref="UnusableStoreException">The database remembers another one.</exception>
    public static async ValueTask Check(IResourceStore store, KeyStore keys, CancellationToken cancel)
    {
        var bound = await Bound(store, cancel).ConfigureAwait(false);
        if (bound is null)
        {
            var remember = SideStatement.Of("INSERT INTO sync_keys(one, mark) VALUES(1, $1) ON CONFLICT(one) DO NOTHING", keys.Mark);
            if ((await store.Commit(new WriteBatch([], null) { Statements = [remember] }, cancel).ConfigureAwait(false)).Failure is { } failure)
            {
                throw new StoreUnavailableException(failure.Issues[0].Text);
            }

            bound = await Bound(store, cancel).ConfigureAwait(false);
        }

        if (bound != keys.Mark)
        {
            throw new UnusableStoreException("The key store (Keys:ConnectionString, Keys:KeyFile) is not the one that belongs to this trial's database (Store:ConnectionString). Servers over one database share one key store; after a loss restore it from its backup.");
        }
    }

    private static async ValueTask<string?> Bound(IResourceStore store, CancellationToken cancel)
        => await store.Query(SideQuery.Of("SELECT mark FROM sync_keys WHERE one = 1"), cancel).ConfigureAwait(false) is [var row] ? row.Text(0) : null;
}
