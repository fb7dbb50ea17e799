using AtcFhir.Store.Sqlite;

namespace AtcFhir.Store.Writing;

/// <summary>
/// The writer's counters. They are read from the database again whenever another process has written to it, which SQLite's data_version tells;
/// under the lock of BEGIN IMMEDIATE nobody else can.
/// </summary>
internal sealed class WriterState(Connection writer, PendingIndex pending, TimeProvider time)
{
    private long dataVersion = -1;
    private long lastStamp;

    public long Seq { get; private set; }

    public long Resource { get; private set; }

    public long Record { get; private set; }

    public long AuditNumber { get; private set; }

    public byte[] AuditHash { get; private set; } = [];

    /// <summary>meta.lastUpdated of what is written now, in milliseconds.</summary>
    public long Stamp { get; private set; }

    /// <summary>Begins a group: its stamp is later than every stamp that a reader can have seen.</summary>
    public void Begin()
    {
        var current = writer.Scalar("PRAGMA data_version");
        if (current != dataVersion)
        {
            Load();
            dataVersion = current;
        }

        Stamp = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), lastStamp + 1);
    }

    public void Committed() => lastStamp = Stamp;

    /// <summary>The transaction is lost; the counters are read again.</summary>
    public void RolledBack() => dataVersion = -1;

    public Mark Save() => new(Seq, Resource, Record, AuditNumber, AuditHash, pending.Save());

    public void Restore(Mark mark)
    {
        (Seq, Resource, Record, AuditNumber, AuditHash) = (mark.Seq, mark.Resource, mark.Record, mark.AuditNumber, mark.AuditHash);
        pending.Restore(mark.Pending);
    }

    public long NextSeq() => ++Seq;

    public long NextResource() => ++Resource;

    public long NextRecord() => ++Record;

    public long NextAudit(byte[] hash)
    {
        AuditHash = hash;
        return ++AuditNumber;
    }

    /// <summary>Makes sure that the next version is later than one of the same resource in the same group.</summary>
    public void PassStamp(long updated) => Stamp = Math.Max(Stamp, updated + 1);

    private void Load()
    {
        Seq = writer.Scalar("SELECT max(seq) FROM ver");
        Resource = writer.Scalar("SELECT max(rid) FROM res");
        Record = writer.Scalar("SELECT max(n) FROM record");
        lastStamp = writer.Scalar("SELECT updated FROM ver ORDER BY seq DESC LIMIT 1");
        AuditNumber = writer.Scalar("SELECT max(n) FROM audit");
        var last = writer.Prepare("SELECT hash FROM audit ORDER BY n DESC LIMIT 1");
        AuditHash = last.Step() ? last.Blob(0).ToArray() : new byte[AuditChain.HashLength];
        last.Reset();
        pending.Reload();
    }

    public readonly record struct Mark(long Seq, long Resource, long Record, long AuditNumber, byte[] AuditHash, PendingIndex.Mark Pending);
}
