using AtcFhir.Store.Writing;

namespace AtcFhir.Store.Postgres.Writing;

/// <summary>The rows of all tables that some versions make, ready to be sent.</summary>
internal sealed class FlushTables
{
    private const string VersionKinds = "nnnnnnnb";
    private const string ResourceKinds = "nntnnnnbb";
    private const string RecordKinds = "nttntnnnn";
    private const string AuditKinds = "nnttttttttt" + "bbbb";

    private static readonly string InsertVersions = $"INSERT INTO ver(seq, rid, ver, t, updated, op, audit, body) SELECT * FROM {RowArrays.Unnest(VersionKinds)}";

    private static readonly string InsertResources = $"INSERT INTO res(rid, t, id, ver, seq, updated, deleted, hash, keys) SELECT * FROM {RowArrays.Unnest(ResourceKinds)}";

    // Rows that stand are looked up one by one, each a seek, and changed where they were found. A plain join is planned by statistics, which know nothing of
    // a bulk import that began a second ago: it read the whole table for each group.
    private static readonly string UpdateResources =
        $"""
        UPDATE res SET ver = n.ver, seq = n.seq, updated = n.updated, deleted = n.deleted, hash = n.hash, keys = n.keys
        FROM {RowArrays.Unnest(ResourceKinds)} n(rid, t, id, ver, seq, updated, deleted, hash, keys)
        CROSS JOIN LATERAL (SELECT ctid AS place FROM res r WHERE r.rid = n.rid OFFSET 0) found WHERE res.ctid = found.place
        """;

    private static readonly string EndRecords =
        $"""
        UPDATE record SET until = n.at FROM {RowArrays.Unnest("nn")} n(rid, at)
        CROSS JOIN LATERAL (SELECT ctid AS place FROM record r WHERE r.rid = n.rid AND r.until IS NULL OFFSET 0) found WHERE record.ctid = found.place
        """;

    private static readonly string InsertRecords = $"INSERT INTO record(n, concept, subject, at, vals, t, rid, ver, since) SELECT * FROM {RowArrays.Unnest(RecordKinds)}";

    private static readonly string InsertAudit =
        $"INSERT INTO audit(n, at, actor, action, request, why, patient, hospital, type, id, ver, h_before, h_after, prev_hash, hash) SELECT * FROM {RowArrays.Unnest(AuditKinds)}";

    private static readonly string AddStatistics =
        $"""
        INSERT INTO stat(t, living, versions) SELECT n.t, sum(n.living), count(*) FROM {RowArrays.Unnest("nn")} n(t, living) GROUP BY n.t
        ON CONFLICT(t) DO UPDATE SET living = stat.living + excluded.living, versions = stat.versions + excluded.versions
        """;

    private static readonly (string Insert, string InsertKinds, string Delete, string DeleteKinds)[] Index = [.. IndexTable.All.Select(SqlOf)];

    private readonly RowArrays versions = new(InsertVersions, VersionKinds);
    private readonly RowArrays inserted = new(InsertResources, ResourceKinds);
    private readonly RowArrays updated = new(UpdateResources, ResourceKinds);
    private readonly RowArrays ended = new(EndRecords, "nn");
    private readonly RowArrays records = new(InsertRecords, RecordKinds);
    private readonly RowArrays audit = new(InsertAudit, AuditKinds);
    private readonly RowArrays statistics = new(AddStatistics, "nn");
    private readonly RowArrays[] indexInserts = [.. Index.Select(sql => new RowArrays(sql.Insert, sql.InsertKinds))];
    private readonly RowArrays[] indexDeletes = [.. Index.Select(sql => new RowArrays(sql.Delete, sql.DeleteKinds))];

    /// <summary>In the order in which they have to run.</summary>
    private IEnumerable<RowArrays> All => [versions, inserted, updated, ended, records, audit, .. indexDeletes, .. indexInserts, statistics];

    public void Add(PendingWrite write)
    {
        var (after, version) = (write.After, write.Version);
        versions.Add(after.Seq).Add(after.Rid).Add(after.Version).Add(write.Type).Add(after.Updated).Add((long)version.Interaction).Add(write.Audit.Number)
            .Add(version.IsDeleted ? null : version.Body.ToArray()).End();
        (write.Before is null ? inserted : updated).Add(after.Rid).Add(write.Type).Add(version.Id).Add(after.Version).Add(after.Seq).Add(after.Updated)
            .Add(after.IsDeleted ? 1L : 0L).Add(after.Hash).Add(after.Keys).End();
        statistics.Add(write.Type).Add((long)write.Living).End();
        AddRecords(write);
        AddAudit(write.Audit);
        IndexDifference.Of(write.Before?.Keys, after.Keys, row => Remove(row, after.Rid), row => Insert(row, after.Rid));
    }

    /// <summary>The index rows alone; the version stands.</summary>
    public void AddReindexed(long type, string id, ResourceRow row, byte[] keys)
    {
        updated.Add(row.Rid).Add(type).Add(id).Add(row.Version).Add(row.Seq).Add(row.Updated).Add(0L).Add(row.Hash).Add(keys).End();
        IndexDifference.Of(row.Keys, keys, gone => Remove(gone, row.Rid), added => Insert(added, row.Rid));
    }

    /// <summary>Adds the commands that write all of it.</summary>
    public void AddTo(Npgsql.NpgsqlBatch batch)
    {
        foreach (var rows in All.Where(rows => rows.Rows > 0))
        {
            batch.BatchCommands.Add(rows.ToCommand());
        }
    }

    private void AddRecords(PendingWrite write)
    {
        var after = write.After;
        if (write.Before is not null)
        {
            ended.Add(after.Rid).Add(after.Updated).End();
        }

        for (var index = 0; index < write.Records.Count; index++)
        {
            var record = write.Records[index];
            records.Add(write.FirstRecord + index).Add(record.Concept).Add(record.Subject).Add(record.Time?.ToUnixTimeMilliseconds()).Add(record.Values)
                .Add(write.Type).Add(after.Rid).Add(after.Version).Add(after.Updated).End();
        }
    }

    private void AddAudit(AuditRow row) => audit
        .Add(row.Number).Add(row.At.ToUnixTimeMilliseconds()).Add(row.Entry.Actor).Add(row.Entry.Action).Add(row.Entry.RequestId)
        .Add(row.Entry.Why).Add(row.Entry.Patient).Add(row.Entry.Hospital).Add(row.Type).Add(row.Id).Add(row.VersionId)
        .Add(row.HashBefore?.ToArray()).Add(row.HashAfter?.ToArray()).Add(row.PrevHash.ToArray()).Add(row.Hash.ToArray()).End();

    private void Insert(ReadOnlySpan<byte> row, long resource)
    {
        var table = IndexTable.Of(row[0]);
        indexInserts[row[0] - 1].AddPacked(row, table, table.Columns.Length, resource);
    }

    private void Remove(ReadOnlySpan<byte> row, long resource)
    {
        var table = IndexTable.Of(row[0]);
        indexDeletes[row[0] - 1].AddPacked(row, table, table.KeyColumns, resource);
    }

    private static (string Insert, string InsertKinds, string Delete, string DeleteKinds) SqlOf(IndexTable table)
    {
        var (all, keys) = (KindsOf(table.Columns) + "n", KindsOf(table.Columns.Take(table.KeyColumns)) + "n");
        var (names, keyNames) = (table.Columns.Select(column => column.Name).Append("rid").ToList(), table.Columns.Take(table.KeyColumns).Select(column => column.Name).Append("rid").ToList());
        var seek = ReferenceEquals(table, IndexTable.String) ? $" AND {PgText.Dialect.TextKey} = left(o.norm, {PgText.IndexedCharacters})" : "";
        return (
            $"INSERT INTO {table.Name}({string.Join(", ", names)}) SELECT * FROM {RowArrays.Unnest(all)}",
            all,
            $"""
            DELETE FROM {table.Name} USING {RowArrays.Unnest(keys)} o({string.Join(", ", keyNames)})
            CROSS JOIN LATERAL (SELECT ctid AS place FROM {table.Name} x WHERE {string.Join(" AND ", keyNames.Select(name => $"x.{name} = o.{name}"))}{seek} OFFSET 0) found
            WHERE {table.Name}.ctid = found.place
            """,
            keys);
    }

    private static string KindsOf(IEnumerable<IndexColumn> columns) => string.Concat(columns.Select(column => column switch
    {
        { IsNumber: true } => 'n',
        { IsBlob: true } => 'b',
        _ => 't',
    }));
}
