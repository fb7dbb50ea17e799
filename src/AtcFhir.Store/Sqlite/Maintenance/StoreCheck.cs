using System.Buffers;
using System.Security.Cryptography;
using AtcFhir.R4.Documents;
using AtcFhir.Store.Extraction;
using AtcFhir.Store.Sql;
using AtcFhir.Store.Writing;

namespace AtcFhir.Store.Sqlite.Maintenance;

/// <summary>
/// Compares what stands in the tables with what follows from the bodies. Index rows are compared by sums of hashes per resource, so that the tables need
/// to be read once each and nothing but a number per resource is kept.
/// </summary>
internal sealed class StoreCheck(ISqlSession reader, Names names, SearchExtractor extractor, CancellationToken cancel)
{
    private const int MostFaults = 100;
    private const int PageSize = 500;

    private readonly List<string> faults = [];
    private readonly Dictionary<long, ulong> sums = [];
    private readonly Dictionary<long, string> places = [];
    private long faultCount, resources, indexRows;

    public StoreReport Run()
    {
        Integrity();
        Resources();
        foreach (var table in IndexTable.All)
        {
            Rows(table);
        }

        foreach (var (resource, sum) in sums.Where(pair => pair.Value != 0))
        {
            Fault($"{places.GetValueOrDefault(resource, $"resource number {resource}")}: the index rows are not those of its body.");
        }

        Counts();
        return new StoreReport(resources, reader.Scalar("SELECT count(*) FROM ver"), indexRows, Audit(), faults, faultCount);
    }

    /// <summary>PostgreSQL looks after its own files.</summary>
    private void Integrity()
    {
        if (reader.Dialect != SqlDialect.Sqlite)
        {
            return;
        }

        new SqlText("PRAGMA integrity_check(20)").Read(reader, row =>
        {
            if (row.Text(0) is not "ok" and var fault)
            {
                Fault("database: " + fault);
            }
        });
    }

    private void Resources()
    {
        var (last, page) = (0L, new List<Row>());
        do
        {
            cancel.ThrowIfCancellationRequested();
            page.Clear();
            new SqlText(
                """
                SELECT r.rid, y.name, r.id, r.ver, r.deleted, r.hash, r.keys, v.rid, v.ver, v.op, v.body
                FROM res r JOIN rtype y ON y.t = r.t LEFT JOIN ver v ON v.seq = r.seq WHERE
                """).Add($" r.rid > {last} ORDER BY r.rid LIMIT {(long)PageSize}").Read(reader, row => page.Add(new Row(
                row.Long(0), $"{row.Text(1)}/{row.Text(2)}", row.Long(4) != 0,
                !row.IsNull(7) && row.Long(7) == row.Long(0) && row.Long(8) == row.Long(3) && row.Long(4) != 0 == (row.Long(9) == (long)WriteKind.Delete),
                row.Bytes(5), row.Bytes(6), row.Bytes(10))));
            page.ForEach(Check);
            last = page.Count > 0 ? page[^1].Number : last;
        }
        while (page.Count == PageSize);
        Expect(reader.Scalar("SELECT count(*) FROM ver v WHERE NOT EXISTS (SELECT 1 FROM res r WHERE r.rid = v.rid)") == 0, "there are versions of no resource.");
        Expect(reader.Scalar("SELECT count(*) FROM ver v WHERE NOT EXISTS (SELECT 1 FROM audit a WHERE a.n = v.audit)") == 0, "there are versions without an audit row.");
    }

    private void Check(Row row)
    {
        resources++;
        places[row.Number] = row.Place;
        if (!row.FitsVersion)
        {
            Fault($"{row.Place}: its current version is not the one that its row names.");
        }
        else if (row.IsDeleted)
        {
            Expect(row.Keys.Length == 0, $"{row.Place}: it is deleted and has index rows.");
        }
        else
        {
            Expect(SHA256.HashData(row.Body).AsSpan().SequenceEqual(row.Hash), $"{row.Place}: the body is not the one whose hash was written.");
            Index(row.Number, row.Place, row.Body, row.Keys);
        }
    }

    private void Index(long number, string place, byte[] body, byte[] keys)
    {
        if (!ResourceDocument.Parse(body).TryGet(out var document, out _))
        {
            Fault($"{place}: the body cannot be read.");
            return;
        }

        var derived = RowCodec.Pack(extractor.Extract(document), new ReaderNames(reader, names));
        if (derived is null || !derived.AsSpan().SequenceEqual(keys))
        {
            Fault($"{place}: the index rows that its row lists do not follow from its body.");
        }

        ReadOnlySpan<byte> rest = derived ?? keys;
        while (!rest.IsEmpty)
        {
            var row = RowCodec.Next(ref rest);
            Add(number, reader.Dialect == SqlDialect.Sqlite ? row : RowCodec.AsStored(row, IndexTable.Of(row[0]), reader.Dialect), sign: 1);
        }
    }

    private void Rows(IndexTable table)
    {
        var buffer = new ArrayBufferWriter<byte>();
        new SqlText($"SELECT {string.Join(", ", table.Columns.Select(column => column.Name))}, rid FROM {table.Name}").Read(reader, row =>
        {
            indexRows++;
            if (indexRows % 10_000 == 0)
            {
                cancel.ThrowIfCancellationRequested();
            }

            buffer.ResetWrittenCount();
            RowCodec.Encode(buffer, table, row);
            Add(row.Long(table.Columns.Length), buffer.WrittenSpan, sign: -1);
        });
    }

    private void Add(long resource, ReadOnlySpan<byte> row, int sign)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in row)
        {
            hash = (hash ^ b) * 1099511628211UL;
        }

        hash ^= hash >> 29;
        hash *= 0xBF58476D1CE4E5B9UL;
        var sum = sums.GetValueOrDefault(resource);
        sums[resource] = sign > 0 ? sum + hash : sum - hash;
    }

    private void Counts() => new SqlText(
        """
        SELECT y.name, coalesce(s.living, 0), coalesce(s.versions, 0),
            (SELECT count(*) FROM res r WHERE r.t = y.t AND r.deleted = 0), (SELECT count(*) FROM ver v WHERE v.t = y.t)
        FROM rtype y LEFT JOIN stat s ON s.t = y.t
        """).Read(reader, row => Expect(row.Long(1) == row.Long(3) && row.Long(2) == row.Long(4), $"{row.Text(0)}: the counts of resources and versions are wrong."));

    private long Audit()
    {
        var (rows, previous) = (0L, new byte[AuditChain.HashLength]);
        while (true)
        {
            var page = AuditReader.Read(reader, new AuditQuery(rows, 10_000));
            foreach (var row in page)
            {
                cancel.ThrowIfCancellationRequested();
                Expect(row.Number == rows + 1 && row.PrevHash.Span.SequenceEqual(previous) && row.Hash.Span.SequenceEqual(AuditChain.HashOf(row)), $"audit row {row.Number}: the chain is broken here.");
                (rows, previous) = (row.Number, row.Hash.ToArray());
            }

            if (page.Count == 0)
            {
                return rows;
            }
        }
    }

    /// <param name="FitsVersion">The version that it names is there and is one of this resource.</param>
    private sealed record Row(long Number, string Place, bool IsDeleted, bool FitsVersion, byte[] Hash, byte[] Keys, byte[] Body);

    private void Expect(bool holds, string fault)
    {
        if (!holds)
        {
            Fault(fault);
        }
    }

    private void Fault(string text)
    {
        if (++faultCount <= MostFaults)
        {
            faults.Add(text);
        }
    }
}

/// <summary>What the database knows, without giving new numbers.</summary>
internal sealed class ReaderNames(ISqlSession reader, Names names) : IRowNames
{
    public long? Path(IndexedPath path) => names.FindPath(reader, path);

    public long? Type(string name) => names.FindType(reader, name);

    public long? System(string uri) => uri.Length == 0 ? 0 : names.Systems.Find(reader, uri);

    public long? Unit(string system, string code, string name) => names.Units.Find(reader, Names.UnitKey(system, code, name));
}
