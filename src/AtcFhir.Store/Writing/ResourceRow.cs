using AtcFhir.Store.Sql;
using AtcFhir.Store.Sqlite;

namespace AtcFhir.Store.Writing;

/// <summary>The row of a resource in table res.</summary>
internal sealed record ResourceRow(long Rid, long Version, long Seq, long Updated, bool IsDeleted, byte[]? Hash, byte[] Keys)
{
    private const string SelectSql = "SELECT rid, ver, seq, updated, deleted, hash, keys FROM res WHERE t = $1 AND id = $2";

    private const string SaveSql =
        """
        INSERT INTO res(rid, t, id, ver, seq, updated, deleted, hash, keys) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT(rid) DO UPDATE SET ver = excluded.ver, seq = excluded.seq, updated = excluded.updated, deleted = excluded.deleted,
            hash = excluded.hash, keys = excluded.keys
        """;

    public static ResourceRow? Find(ISqlSession connection, long type, string id)
    {
        var select = connection.Prepare(SelectSql).Bind(1, type).Bind(2, id);
        try
        {
            return select.Step()
                ? new ResourceRow(
                    select.Long(0), select.Long(1), select.Long(2), select.Long(3), select.Long(4) != 0,
                    select.IsNull(5) ? null : select.Bytes(5), select.Bytes(6))
                : null;
        }
        finally
        {
            select.Reset();
        }
    }

    public void Save(Connection writer, long type, string id)
        => writer.Prepare(SaveSql)
            .Bind(1, Rid).Bind(2, type).Bind(3, id).Bind(4, Version).Bind(5, Seq).Bind(6, Updated).Bind(7, IsDeleted ? 1 : 0)
            .BindValue(8, Hash).Bind(9, Keys.AsSpan()).Run();
}
