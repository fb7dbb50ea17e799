using AtcFhir.Store;
using AtcFhir.Store.Side;

namespace AtcFhir.Server.Subscriptions;

/// <summary>How far each subscription was told, in the store's database, so that a restart tells nothing twice that was taken and leaves nothing out.</summary>
internal static class SubscriptionTables
{
    public static SideSchema Schema { get; } = new("subscriptions",
    [
        "CREATE TABLE subscription_position(id TEXT NOT NULL PRIMARY KEY, seq BIGINT NOT NULL)",
    ]);

    /// <summary>The place in the feed up to which it was told; null before it was ever active.</summary>
    public static async ValueTask<long?> Position(IResourceStore store, string id, CancellationToken cancel)
        => (await store.Query(SideQuery.Of("SELECT seq FROM subscription_position WHERE id = $1", id), cancel)) is [var row] ? row.Long(0) : null;

    public static SideStatement Save(string id, long seq) => SideStatement.Of(
        "INSERT INTO subscription_position(id, seq) VALUES($1, $2) ON CONFLICT(id) DO UPDATE SET seq = excluded.seq", id, seq);
}
