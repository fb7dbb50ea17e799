using AtcFhir.Store.Sql;
using AtcFhir.Store.Sqlite;
using AtcFhir.Store.Writing;

namespace AtcFhir.Store.Postgres.Writing;

/// <summary>A resource as it stands for the batch that is applied now, whether sent to the database already or not.</summary>
/// <param name="Row">Null when there never was one.</param>
/// <param name="Version">The current version with its body, where it was read or made.</param>
internal sealed record Held(ResourceRow? Row, StoredResource? Version = null);

/// <summary>The resources that a group is about, read in one go before it begins, and then kept up to date in memory.</summary>
internal sealed class HeldRows
{
    /// <summary>The rows of some resources, with the body where it is asked for. LIMIT makes each a seek, whatever the statistics say.</summary>
    public const string ReadSql =
        """
        SELECT k.type, k.id, r.rid, r.ver, r.seq, r.updated, r.deleted, r.hash, r.keys, v.op, v.body
        FROM unnest($1::text[], $2::text[], $3::bigint[]) k(type, id, body) JOIN rtype y ON y.name = k.type
        CROSS JOIN LATERAL (SELECT * FROM res WHERE t = y.t AND id = k.id LIMIT 1) r
        LEFT JOIN LATERAL (SELECT op, body FROM ver WHERE seq = r.seq AND k.body = 1 LIMIT 1) v ON true
        """;

    private readonly Dictionary<(string Type, string Id), Held> rows = [];
    private readonly List<((string Type, string Id) Key, Held? Before)> changes = [];

    /// <summary>The resources that the writes name themselves; those that a condition leads to are read when it is known.</summary>
    public RowArrays Request(IEnumerable<ResourceWrite> writes)
    {
        rows.Clear();
        changes.Clear();
        var asked = new Dictionary<(string Type, string Id), bool>();
        foreach (var write in writes.Where(write => write.Condition is null && (write.Id ?? write.Resource?.Id) is not null))
        {
            var key = (write.Type, write.Id ?? write.Resource!.Id);
            asked[key] = asked.GetValueOrDefault(key) || write.SkipUnchanged;
        }

        var request = new RowArrays(ReadSql, "ttn");
        foreach (var (key, needsBody) in asked)
        {
            rows[key] = new Held(null);
            request.Add(key.Type).Add(key.Id).Add(needsBody ? 1L : 0L).End();
        }

        return request;
    }

    public void Load(Npgsql.NpgsqlDataReader row)
    {
        while (row.Read())
        {
            var (type, id) = (row.GetString(0), row.GetString(1));
            var found = new ResourceRow(
                row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6) != 0,
                row.IsDBNull(7) ? null : row.GetFieldValue<byte[]>(7), row.IsDBNull(8) ? [] : row.GetFieldValue<byte[]>(8));
            var version = row.IsDBNull(10) ? null : Version(type, id, found, (WriteKind)row.GetInt64(9), row.GetFieldValue<byte[]>(10));
            rows[(type, id)] = new Held(found, version);
        }
    }

    public ResourceRow? Find(ISqlSession writer, string type, long typeNumber, string id)
    {
        if (!rows.TryGetValue((type, id), out var held))
        {
            rows[(type, id)] = held = new Held(ResourceRow.Find(writer, typeNumber, id));
        }

        return held.Row;
    }

    /// <summary>The current version with its body.</summary>
    public StoredResource Standing(ISqlSession writer, string type, string id)
    {
        var held = rows[(type, id)];
        if (held.Version is null)
        {
            var read = held.Row!.IsDeleted ? Version(type, id, held.Row, WriteKind.Delete, []) : ResourceReader.At(writer, type, id, held.Row.Seq);
            rows[(type, id)] = held = held with { Version = read };
        }

        return held.Version!;
    }

    public void Change(string type, string id, Held after)
    {
        changes.Add(((type, id), rows.GetValueOrDefault((type, id))));
        rows[(type, id)] = after;
    }

    /// <summary>The batch stands.</summary>
    public void Accept() => changes.Clear();

    /// <summary>The batch fell: all is as it was before.</summary>
    public void Undo()
    {
        for (var index = changes.Count - 1; index >= 0; index--)
        {
            var (key, before) = changes[index];
            if (before is null)
            {
                rows.Remove(key);
            }
            else
            {
                rows[key] = before;
            }
        }

        changes.Clear();
    }

    private static StoredResource Version(string type, string id, ResourceRow row, WriteKind kind, byte[] body)
        => new(type, id, row.Version.ToString(CultureInfo.InvariantCulture), DateTimeOffset.FromUnixTimeMilliseconds(row.Updated), row.Seq, kind, body);
}
