using System.Buffers;
using System.Text;
using AtcFhir.Store.Extraction;
using AtcFhir.Store.Sqlite;

namespace AtcFhir.Store.Writing;

/// <summary>
/// Index rows as bytes: what res.keys keeps, so that an update writes only what changed and the old body need not be read. One row is
/// table, then its columns without the resource: numbers as zigzag varints, texts and blobs with their length.
/// </summary>
internal sealed class RowCodec(Connection writer, Names names)
{
    private readonly ArrayBufferWriter<byte> buffer = new(256);

    /// <summary>The rows as bytes, sorted, without doubles.</summary>
    public List<byte[]> Encode(IReadOnlyList<SearchRow> rows)
    {
        var encoded = new SortedSet<byte[]>(ByteOrder.Instance);
        foreach (var row in MergeTokens(rows))
        {
            buffer.ResetWrittenCount();
            Encode(row);
            encoded.Add(buffer.WrittenSpan.ToArray());
        }

        return [.. encoded];
    }

    /// <summary>All rows in one blob.</summary>
    public static byte[] Pack(List<byte[]> rows)
    {
        var packed = new ArrayBufferWriter<byte>(rows.Sum(row => row.Length + 2) + 1);
        foreach (var row in rows)
        {
            WriteNumber(packed, row.Length);
            packed.Write(row);
        }

        return packed.WrittenSpan.ToArray();
    }

    public static List<byte[]> Unpack(ReadOnlySpan<byte> packed)
    {
        var rows = new List<byte[]>();
        while (!packed.IsEmpty)
        {
            var length = (int)ReadNumber(ref packed);
            rows.Add(packed[..length].ToArray());
            packed = packed[length..];
        }

        return rows;
    }

    /// <summary>Binds the first <paramref name="columns"/> columns of a row from parameter 1 on.</summary>
    public static void Bind(ReadOnlySpan<byte> row, IndexTable table, int columns, Statement statement)
    {
        row = row[1..];
        for (var column = 0; column < columns; column++)
        {
            if (table.Columns[column].IsNumber)
            {
                statement.Bind(column + 1, ReadNumber(ref row));
                continue;
            }

            var length = (int)ReadNumber(ref row);
            if (length < 0)
            {
                statement.BindNull(column + 1);
                continue;
            }

            if (table.Columns[column].IsBlob)
            {
                statement.Bind(column + 1, row[..length]);
            }
            else
            {
                statement.BindText(column + 1, row[..length]);
            }

            row = row[length..];
        }
    }

    /// <summary>Rows that differ in the display text only are one row in the table.</summary>
    private static IEnumerable<SearchRow> MergeTokens(IReadOnlyList<SearchRow> rows)
    {
        var tokens = rows.OfType<TokenRow>().ToList();
        return tokens.Count == 0
            ? rows
            : rows.Where(row => row is not TokenRow).Concat(tokens
                .GroupBy(row => (row.Path, row.Group, row.System, row.Code))
                .Select(same => same.First() with { Text = TextOf(same.Select(row => row.Text)) }));
    }

    private static string? TextOf(IEnumerable<string?> texts)
    {
        var lines = texts.OfType<string>().SelectMany(text => text.Split('\n')).Distinct(StringComparer.Ordinal).ToList();
        return lines.Count == 0 ? null : string.Join('\n', lines);
    }

    private void Encode(SearchRow row)
    {
        var path = names.Path(writer, row.Path);
        switch (row)
        {
            case TokenRow token:
                Start(IndexTable.Token, path).Text(token.Code).Number(names.System(writer, token.System)).Number(token.Group).Text(token.Text);
                break;
            case ReferenceRow reference:
                Start(IndexTable.Reference, path).Number(reference.Type.Length == 0 ? 0 : names.Type(writer, reference.Type))
                    .Text(reference.Id).Number(reference.Group).Text(reference.Version);
                break;
            case DateRow date:
                Start(IndexTable.Date, path).Number(date.From).Number(date.To).Number(date.Group);
                break;
            case StringRow text:
                Start(IndexTable.String, path).Text(text.Folded).Text(text.Exact).Number(text.Group);
                break;
            case QuantityRow quantity:
                Start(IndexTable.Quantity, path).Number(names.Unit(writer, quantity.System, quantity.Code, quantity.Unit)).Blob(quantity.Key).Number(quantity.Group);
                break;
            case NumberRow number:
                Start(IndexTable.Number, path).Blob(number.Key).Number(number.Group);
                break;
            case UriRow uri:
                Start(IndexTable.Uri, path).Text(uri.Uri);
                break;
            case CompartmentRow compartment:
                Start(IndexTable.Compartment, path).Text(compartment.Patient).Text(compartment.Code).Number(names.System(writer, compartment.System));
                break;
            default:
                throw new InvalidOperationException($"No table for {row.GetType().Name}.");
        }
    }

    private RowCodec Start(IndexTable table, long path)
    {
        buffer.GetSpan(1)[0] = table.Tag;
        buffer.Advance(1);
        return Number(path);
    }

    private RowCodec Number(long value)
    {
        WriteNumber(buffer, value);
        return this;
    }

    private RowCodec Text(string? text)
    {
        if (text is null)
        {
            return Number(-1);
        }

        WriteNumber(buffer, Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, buffer);
        return this;
    }

    private RowCodec Blob(byte[] blob)
    {
        WriteNumber(buffer, blob.Length);
        buffer.Write(blob);
        return this;
    }

    private static void WriteNumber(ArrayBufferWriter<byte> target, long value)
    {
        var rest = (ulong)((value << 1) ^ (value >> 63));
        var span = target.GetSpan(10);
        var length = 0;
        while (rest >= 0x80)
        {
            span[length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        span[length++] = (byte)rest;
        target.Advance(length);
    }

    private static long ReadNumber(ref ReadOnlySpan<byte> source)
    {
        var (value, shift, at) = (0UL, 0, 0);
        while (source[at] >= 0x80)
        {
            value |= (ulong)(source[at++] & 0x7F) << shift;
            shift += 7;
        }

        value |= (ulong)source[at++] << shift;
        source = source[at..];
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private sealed class ByteOrder : IComparer<byte[]>
    {
        public static ByteOrder Instance { get; } = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
