using AtcFhir.Store;
using AtcFhir.Store.Side;

namespace AtcFhir.Server.Subscriptions;

/// <summary>How far each subscription was told, in the store's database, so that a restart tells nothing twice that was taken and leaves nothing out.</summary>
internal static class SubscriptionTables
{
    public static SideSchema Schema { get; } = new("subscriptions",
    [
        "CREATE TABLE subscription_position(id TEXT NOT NULL PRIMARY KEY, seq BIGINT NOT NULL)",
        "CREATE TABLE subscription_event(id TEXT NOT NULL, number BIGINT NOT NULL, seq BIGINT NOT NULL, type TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY(id, number))",
        "CREATE TABLE subscription_told(id TEXT NOT NULL PRIMARY KEY, number BIGINT NOT NULL)",
    ]);

    /// <summary>The place in the feed up to which it was told or, of a topic, events were looked for; null before it was ever active.</summary>
    public static async ValueTask<long?> Position(IResourceStore store, string id, CancellationToken cancel)
        => (await store.Query(SideQuery.Of("SELECT seq FROM subscription_position WHERE id = $1", id), cancel)) is [var row] ? row.Long(0) : null;

    public static SideStatement Save(string id, long seq) => SideStatement.Of(
        "INSERT INTO subscription_position(id, seq) VALUES($1, $2) ON CONFLICT(id) DO UPDATE SET seq = excluded.seq", id, seq);

    /// <summary>The number of the newest event, which is how many there were.</summary>
    public static async ValueTask<long> LastEvent(IResourceStore store, string id, CancellationToken cancel)
        => (await store.Query(SideQuery.Of("SELECT number FROM subscription_event WHERE id = $1 ORDER BY number DESC LIMIT 1", id), cancel)) is [var row] ? row.Long(0) : 0;

    /// <summary>The number of the last event that the receiver took.</summary>
    public static async ValueTask<long> Told(IResourceStore store, string id, CancellationToken cancel)
        => (await store.Query(SideQuery.Of("SELECT number FROM subscription_told WHERE id = $1", id), cancel)) is [var row] ? row.Long(0) : 0;

    public static SideStatement SaveTold(string id, long number) => SideStatement.Of(
        "INSERT INTO subscription_told(id, number) VALUES($1, $2) ON CONFLICT(id) DO UPDATE SET number = excluded.number", id, number);

    public static SideStatement Add(string id, long number, StoredResource change) => SideStatement.Of(
        "INSERT INTO subscription_event(id, number, seq, type, at) VALUES($1, $2, $3, $4, $5)", id, number, change.Seq, change.Type, change.LastUpdated.ToUnixTimeMilliseconds());

    /// <summary>Events by their numbers, with the versions that they are about.</summary>
    public static async ValueTask<IReadOnlyList<(TopicEvent Event, StoredResource Version)>> Events(IResourceStore store, string id, long since, long until, int most, CancellationToken cancel)
    {
        var rows = await store.Query(SideQuery.Of(
            "SELECT number, seq, type, at FROM subscription_event WHERE id = $1 AND number >= $2 AND number <= $3 ORDER BY number LIMIT $4", id, since, until, (long)most), cancel);
        var events = new List<(TopicEvent, StoredResource)>();
        foreach (var row in rows)
        {
            if (await store.Changes(row.Long(1) - 1, new ChangeFilter([row.Text(2)]), 1, cancel) is [var version] && version.Seq == row.Long(1))
            {
                events.Add((new TopicEvent(row.Long(0), row.Time(3)), version));
            }
        }

        return events;
    }
}
