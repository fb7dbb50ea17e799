using AtcFhir.Store.Sql;
using AtcFhir.Store.Writing;

namespace AtcFhir.Store.Sqlite;

/// <summary>Reads single versions.</summary>
internal static class ResourceReader
{
    /// <summary>The columns that <see cref="Row"/> expects, of ver as v and res as r.</summary>
    public const string Columns = "r.id, v.ver, v.updated, v.seq, v.op, v.body, v.t";

    /// <summary>The same with the name of the type (rtype as y), and whether an update follows a deletion.</summary>
    public const string ColumnsOfFeed = $"{Columns}, y.name, CASE WHEN v.op = 1 AND v.ver > 1 THEN (SELECT p.op FROM ver p WHERE p.rid = v.rid AND p.ver = v.ver - 1) ELSE 1 END";

    private const string CurrentSql = $"SELECT {Columns} FROM res r CROSS JOIN ver v WHERE v.seq = r.seq AND r.t = $1 AND r.id = $2";
    private const string VersionSql = $"SELECT {Columns} FROM res r CROSS JOIN ver v WHERE v.rid = r.rid AND r.t = $1 AND r.id = $2 AND v.ver = $3";
    private const string SeqSql = $"SELECT {ColumnsOfFeed} FROM ver v CROSS JOIN res r CROSS JOIN rtype y WHERE r.rid = v.rid AND y.t = v.t AND v.seq = $1";

    public static StoredResource? Current(ISqlSession reader, long type, string typeName, string id)
        => First(reader.Prepare(CurrentSql).Bind(1, type).Bind(2, id), typeName);

    public static StoredResource? Version(ISqlSession reader, long type, string typeName, string id, long version)
        => First(reader.Prepare(VersionSql).Bind(1, type).Bind(2, id).Bind(3, version), typeName);

    /// <summary>By its place in the feed.</summary>
    public static StoredResource? Version(ISqlSession reader, long seq) => First(reader.Prepare(SeqSql).Bind(1, seq), null);

    /// <summary>The version of a known resource that stands at a place in the feed.</summary>
    public static StoredResource At(ISqlSession reader, string type, string id, long seq)
    {
        var select = reader.Prepare("SELECT ver, updated, op, body FROM ver WHERE seq = $1").Bind(1, seq);
        try
        {
            return select.Step()
                ? new StoredResource(type, id, select.Long(0).ToString(CultureInfo.InvariantCulture), DateTimeOffset.FromUnixTimeMilliseconds(select.Long(1)), seq, (WriteKind)select.Long(2), select.Bytes(3))
                : throw new InvalidOperationException($"The database has no version {seq} of a resource that it lists.");
        }
        finally
        {
            select.Reset();
        }
    }

    /// <summary>A row of <see cref="ColumnsOfFeed"/>.</summary>
    public static StoredResource RowOfFeed(ISqlStatement row) => Row(row, row.Text(7)) with { FollowsDeletion = (WriteKind)row.Long(8) == WriteKind.Delete };

    /// <summary>A row of <see cref="Columns"/>.</summary>
    private static StoredResource Row(ISqlStatement row, string typeName) => new(
        typeName,
        row.Text(0),
        row.Long(1).ToString(CultureInfo.InvariantCulture),
        DateTimeOffset.FromUnixTimeMilliseconds(row.Long(2)),
        row.Long(3),
        (WriteKind)row.Long(4),
        row.Bytes(5));

    private static StoredResource? First(ISqlStatement select, string? typeName)
    {
        try
        {
            return !select.Step() ? null : typeName is null ? RowOfFeed(select) : Row(select, typeName);
        }
        finally
        {
            select.Reset();
        }
    }
}
