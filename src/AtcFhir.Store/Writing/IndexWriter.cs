using AtcFhir.Store.Extraction;
using AtcFhir.Store.Sqlite;

namespace AtcFhir.Store.Writing;

/// <summary>Brings the index rows of one resource from their old state to the new one, touching only what differs.</summary>
internal sealed class IndexWriter(Connection writer, Names names)
{
    private readonly RowCodec codec = new(writer, names);

    /// <summary>Returns what is to be kept in res.keys.</summary>
    public byte[] Replace(long resource, ReadOnlySpan<byte> oldKeys, IReadOnlyList<SearchRow> rows)
    {
        var after = codec.Encode(rows);
        var before = RowCodec.Unpack(oldKeys);
        var (left, right) = (0, 0);
        var added = new List<byte[]>();
        while (left < before.Count || right < after.Count)
        {
            var order = left == before.Count ? 1 : right == after.Count ? -1 : before[left].AsSpan().SequenceCompareTo(after[right]);
            switch (order)
            {
                case < 0:
                    Delete(resource, before[left++]);
                    break;
                case > 0:
                    added.Add(after[right++]);
                    break;
                default:
                    left++;
                    right++;
                    break;
            }
        }

        // After the deletions: a row whose display text alone changed has the same key.
        foreach (var row in added)
        {
            Insert(resource, row);
        }

        return RowCodec.Pack(after);
    }

    private void Insert(long resource, byte[] row)
    {
        var table = IndexTable.Of(row[0]);
        var statement = writer.Prepare(table.InsertSql);
        RowCodec.Bind(row, table, table.Columns.Count, statement);
        statement.Bind(table.Columns.Count + 1, resource).Run();
    }

    private void Delete(long resource, byte[] row)
    {
        var table = IndexTable.Of(row[0]);
        var statement = writer.Prepare(table.DeleteSql);
        RowCodec.Bind(row, table, table.KeyColumns, statement);
        statement.Bind(table.KeyColumns + 1, resource).Run();
    }
}
