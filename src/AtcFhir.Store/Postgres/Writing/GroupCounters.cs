namespace AtcFhir.Store.Postgres.Writing;

/// <summary>
/// The numbers that a group gives out. They stand in the one row of table writer; who holds its lock is the only one that writes, so no number is
/// skipped and the order of numbers is the order of commits.
/// </summary>
internal sealed class GroupCounters(TimeProvider time)
{
    public const string LockSql = "SELECT seq, rid, record, audit, hash, stamp, pg_current_xact_id()::text FROM writer FOR UPDATE";

    public const string SaveSql = "UPDATE writer SET seq = $1, rid = $2, record = $3, audit = $4, hash = $5, stamp = $6";

    public long Seq { get; private set; }

    public long Resource { get; private set; }

    public long Record { get; private set; }

    public long AuditNumber { get; private set; }

    public byte[] AuditHash { get; private set; } = [];

    /// <summary><see cref="AuditNumber"/> when the group began.</summary>
    public long FirstAudit { get; private set; }

    /// <summary>meta.lastUpdated of what is written now, in milliseconds; later than every stamp that a reader can have seen before the group.</summary>
    public long Stamp { get; private set; }

    /// <summary>The transaction, by which its fate can be asked for when the connection is lost.</summary>
    public string Transaction { get; private set; } = "";

    public void Load(Npgsql.NpgsqlDataReader row)
    {
        (Seq, Resource, Record, AuditNumber, AuditHash) = (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetFieldValue<byte[]>(4));
        Stamp = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), row.GetInt64(5) + 1);
        Transaction = row.GetString(6);
        FirstAudit = AuditNumber;
    }

    public Mark Save() => new(Seq, Resource, Record, AuditNumber, AuditHash);

    public void Restore(Mark mark) => (Seq, Resource, Record, AuditNumber, AuditHash) = (mark.Seq, mark.Resource, mark.Record, mark.AuditNumber, mark.AuditHash);

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

    public readonly record struct Mark(long Seq, long Resource, long Record, long AuditNumber, byte[] AuditHash);
}
