using AtcFhir.Store.Sqlite;

namespace AtcFhir.Store.Writing;

/// <summary>
/// Index rows that wait to be put into their tables. While resources are created fast and nobody searches, the rows of many are put in together: in
/// order, so that neighbours share a page that is written once. A search, a condition or a change of such a resource puts them in first.
/// The database itself says what waits: the setting names the first resource that does, and all later ones do; their rows stand in res.keys. So a crash loses nothing.
/// </summary>
internal sealed class PendingIndex(Connection writer, IndexWriter index)
{
    /// <summary>Resources; what a search waits for at most grows with it.</summary>
    private const int Limit = 4096;
    private const string SettingName = "index-pending-from";

    private readonly List<(long Resource, byte[] Rows)> waiting = [];
    private long? first;
    private bool isRead;
    private int flushes;

    public bool IsEmpty => first is null;

    public bool IsFull => waiting.Count >= Limit;

    /// <summary>True when this reader's snapshot lacks index rows.</summary>
    public static bool IsBehind(Connection reader)
    {
        var select = reader.Prepare($"SELECT 1 FROM setting WHERE name = '{SettingName}'");
        try
        {
            return select.Step();
        }
        finally
        {
            select.Reset();
        }
    }

    /// <summary>Forgets what was known: the database may have been changed by another, or went back.</summary>
    public void Reload()
    {
        var select = writer.Prepare($"SELECT value FROM setting WHERE name = '{SettingName}'");
        first = select.Step() ? select.Long(0) : null;
        select.Reset();
        waiting.Clear();
        isRead = first is null;
    }

    /// <summary>The rows of a resource that has none in the tables. Resources come with rising numbers.</summary>
    public void Defer(long resource, byte[] rows)
    {
        Read();
        if (first is null)
        {
            first = resource;
            writer.Prepare($"INSERT INTO setting(name, value) VALUES('{SettingName}', $1)").Bind(1, resource).Run();
        }

        waiting.Add((resource, rows));
    }

    /// <summary>Makes sure that the rows of that resource are in the tables.</summary>
    public void Settle(long resource)
    {
        if (resource >= first)
        {
            Flush();
        }
    }

    /// <summary>Puts all waiting rows into the tables, in the same transaction as what else is written.</summary>
    public void Flush()
    {
        if (first is null)
        {
            return;
        }

        Read();
        index.InsertAll(waiting);
        writer.Prepare($"DELETE FROM setting WHERE name = '{SettingName}'").Run();
        waiting.Clear();
        first = null;
        flushes++;
    }

    public Mark Save() => new(first, waiting.Count, flushes);

    /// <summary>The database went back to where it was at the mark.</summary>
    public void Restore(Mark mark)
    {
        if (mark.Flushes != flushes)
        {
            Reload();
            return;
        }

        first = mark.First;
        waiting.RemoveRange(Math.Min(mark.Count, waiting.Count), Math.Max(0, waiting.Count - mark.Count));
    }

    private void Read()
    {
        if (isRead)
        {
            return;
        }

        var select = writer.Prepare("SELECT rid, keys FROM res WHERE rid >= $1 ORDER BY rid").Bind(1, first!.Value);
        while (select.Step())
        {
            waiting.Add((select.Long(0), select.Blob(1).ToArray()));
        }

        select.Reset();
        isRead = true;
    }

    public readonly record struct Mark(long? First, int Count, int Flushes);
}
