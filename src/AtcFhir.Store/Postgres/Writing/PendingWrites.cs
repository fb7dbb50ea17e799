using AtcFhir.Store.Writing;
using Npgsql;

namespace AtcFhir.Store.Postgres.Writing;

/// <summary>
/// What a group has decided and not sent yet. A resource stands in it once at most, so the difference of its index rows is that between the database and
/// the new version, and the order inside of the one round trip does not matter.
/// </summary>
internal sealed class PendingWrites
{
    private readonly List<PendingWrite> writes = [];
    private readonly HashSet<(string Type, string Id)> resources = [];

    public int Count => writes.Count;

    public void Add(PendingWrite write)
    {
        writes.Add(write);
        resources.Add((write.Version.Type, write.Version.Id));
    }

    public bool Holds(string type, string id) => resources.Contains((type, id));

    /// <summary>Forgets what was added behind the first <paramref name="count"/>.</summary>
    public void Truncate(int count)
    {
        foreach (var write in writes.Skip(count))
        {
            resources.Remove((write.Version.Type, write.Version.Id));
        }

        writes.RemoveRange(count, writes.Count - count);
    }

    /// <summary>Adds the commands that write all of it, and forgets it.</summary>
    public void MoveTo(NpgsqlBatch batch)
    {
        if (writes.Count == 0)
        {
            return;
        }

        var tables = new FlushTables();
        foreach (var write in writes)
        {
            tables.Add(write);
        }

        tables.AddTo(batch);
        Truncate(0);
    }
}
