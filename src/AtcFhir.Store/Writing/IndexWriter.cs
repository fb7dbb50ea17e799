using System.Buffers.Binary;
using System.Runtime.InteropServices;
using AtcFhir.Store.Sqlite;

namespace AtcFhir.Store.Writing;

/// <summary>Brings the index rows of one resource from their old state to the new one, touching only what differs.</summary>
internal sealed class IndexWriter(Connection writer)
{
    private readonly Statement[] inserts = [.. IndexTable.All.Select(table => writer.Keep(table.InsertSql))];
    private readonly Statement[] deletes = [.. IndexTable.All.Select(table => writer.Keep(table.DeleteSql))];

    // Used again: they are large, and in the way of the collector if they are new for each group.
    private readonly List<ulong> keys = [];
    private readonly List<(int Resource, int Start, int Length)> places = [];

    /// <param name="before">Packed by <see cref="RowCodec"/>; empty for a new resource.</param>
    public void Replace(long resource, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        if (before.IsEmpty)
        {
            while (!after.IsEmpty)
            {
                Insert(resource, RowCodec.Next(ref after));
            }

            return;
        }

        // Deletions first: a row whose display text alone changed has the same key.
        var old = before;
        var fresh = after;
        while (!old.IsEmpty)
        {
            var row = RowCodec.Next(ref old);
            if (!Passes(ref fresh, row))
            {
                Run(deletes[row[0] - 1], row, IndexTable.Of(row[0]).KeyColumns, resource);
            }
        }

        old = before;
        fresh = after;
        while (!fresh.IsEmpty)
        {
            var row = RowCodec.Next(ref fresh);
            if (!Passes(ref old, row))
            {
                Insert(resource, row);
            }
        }
    }

    /// <summary>
    /// The rows of new resources. They go in by their first bytes (table, path, beginning of the value), which brings most neighbours together;
    /// any order is right.
    /// </summary>
    public void InsertAll(IReadOnlyList<(long Resource, byte[] Rows)> resources)
    {
        keys.Clear();
        places.Clear();
        for (var number = 0; number < resources.Count; number++)
        {
            var packed = resources[number].Rows;
            ReadOnlySpan<byte> rest = packed;
            while (!rest.IsEmpty)
            {
                var row = RowCodec.Next(ref rest);
                keys.Add(Prefix(row));
                places.Add((number, packed.Length - rest.Length - row.Length, row.Length));
            }
        }

        CollectionsMarshal.AsSpan(keys).Sort(CollectionsMarshal.AsSpan(places));
        foreach (var (number, start, length) in places)
        {
            Insert(resources[number].Resource, resources[number].Rows.AsSpan(start, length));
        }
    }

    private static ulong Prefix(ReadOnlySpan<byte> row)
    {
        Span<byte> head = stackalloc byte[sizeof(ulong)];
        row[..Math.Min(row.Length, head.Length)].CopyTo(head);
        return BinaryPrimitives.ReadUInt64BigEndian(head);
    }

    /// <summary>Goes on in sorted rows to the first that is not before the given one; true when it is that one.</summary>
    private static bool Passes(ref ReadOnlySpan<byte> rows, scoped ReadOnlySpan<byte> row)
    {
        while (!rows.IsEmpty)
        {
            var rest = rows;
            var order = RowCodec.Next(ref rest).SequenceCompareTo(row);
            if (order >= 0)
            {
                return order == 0;
            }

            rows = rest;
        }

        return false;
    }

    private void Insert(long resource, ReadOnlySpan<byte> row) => Run(inserts[row[0] - 1], row, IndexTable.Of(row[0]).Columns.Length, resource);

    private static void Run(Statement statement, ReadOnlySpan<byte> row, int columns, long resource)
    {
        RowCodec.Bind(row, IndexTable.Of(row[0]), columns, statement);
        statement.Bind(columns + 1, resource).Run();
    }
}
