using AtcFhir.Store.Sql;

namespace AtcFhir.Store.Sqlite;

/// <summary>Reads the audit chain.</summary>
internal static class AuditReader
{
    public static IReadOnlyList<AuditRow> Read(ISqlSession reader, AuditQuery query)
    {
        var sql = new SqlText("SELECT n, at, actor, action, request, why, patient, hospital, type, id, ver, h_before, h_after, prev_hash, hash FROM audit");
        sql.Add($" WHERE n > {query.AfterNumber}");
        if (query is { Type: { } type, Id: { } id })
        {
            // Each version knows its audit row; an index of its own would cost every write.
            sql.Add($" AND n IN (SELECT v.audit FROM ver v JOIN res r ON r.rid = v.rid JOIN rtype y ON y.t = r.t WHERE y.name = {type} AND r.id = {id})");
        }

        if (query.Patient is { } patient)
        {
            sql.Add($" AND patient = {patient}");
        }

        sql.Add($" ORDER BY n LIMIT {query.Limit}");
        var rows = new List<AuditRow>();
        sql.Read(reader, row => rows.Add(new AuditRow(
            row.Long(0),
            DateTimeOffset.FromUnixTimeMilliseconds(row.Long(1)),
            new AuditEntry(row.Text(2), row.Text(3), row.Text(4), row.TextOrNull(5), row.TextOrNull(6), row.TextOrNull(7)),
            row.Text(8),
            row.Text(9),
            row.Text(10),
            Hash(row, 11),
            Hash(row, 12),
            row.Bytes(13),
            row.Bytes(14))));
        return rows;
    }

    private static ReadOnlyMemory<byte>? Hash(ISqlStatement row, int column) => row.IsNull(column) ? default(ReadOnlyMemory<byte>?) : row.Bytes(column).AsMemory();
}
