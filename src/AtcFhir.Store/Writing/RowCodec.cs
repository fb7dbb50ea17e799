using System.Buffers;
using System.Text;
using AtcFhir.Store.Extraction;
using AtcFhir.Store.Sql;
using AtcFhir.Store.Sqlite;

namespace AtcFhir.Store.Writing;

/// <summary>
/// Index rows as bytes: what res.keys keeps, so that an update writes only what changed and the old body need not be read. One row is its length, its
/// table, then its columns without the resource: numbers as zigzag varints, texts and blobs with their length. Rows are sorted and none stands twice.
/// </summary>
internal static class RowCodec
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? scratch;

    /// <summary>All rows in one blob; null when a name has no number yet and <paramref name="names"/> may not give one.</summary>
    public static byte[]? Pack(IReadOnlyList<SearchRow> rows, IRowNames names)
    {
        var buffer = scratch ??= new ArrayBufferWriter<byte>(1024);
        buffer.ResetWrittenCount();
        var slices = new (int Start, int Length)[rows.Count];
        for (var number = 0; number < rows.Count; number++)
        {
            var start = buffer.WrittenCount;
            if (!new RowEncoder(buffer, names).Encode(rows[number]))
            {
                return null;
            }

            slices[number] = (start, buffer.WrittenCount - start);
        }

        return Sorted(buffer.WrittenMemory, slices);
    }

    /// <summary>Takes the first row off a packed blob.</summary>
    public static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> packed)
    {
        var length = (int)Varint.Read(ref packed);
        var row = packed[..length];
        packed = packed[length..];
        return row;
    }

    /// <summary>Binds the first <paramref name="columns"/> columns of a row from parameter 1 on.</summary>
    public static void Bind(ReadOnlySpan<byte> row, IndexTable table, int columns, Statement statement)
    {
        row = row[1..];
        for (var column = 0; column < columns; column++)
        {
            var value = Varint.Read(ref row);
            if (table.Columns[column].IsNumber)
            {
                statement.Bind(column + 1, value);
            }
            else if (value < 0)
            {
                statement.BindNull(column + 1);
            }
            else
            {
                _ = table.Columns[column].IsBlob ? statement.Bind(column + 1, row[..(int)value]) : statement.BindText(column + 1, row[..(int)value]);
                row = row[(int)value..];
            }
        }
    }

    /// <summary>A packed row as the tables of an engine give it back, which may keep long keys and some characters in another form.</summary>
    public static byte[] AsStored(ReadOnlySpan<byte> row, IndexTable table, SqlDialect dialect)
    {
        var stored = new ArrayBufferWriter<byte>(row.Length);
        stored.Write(row[..1]);
        row = row[1..];
        for (var column = 0; column < table.Columns.Length; column++)
        {
            var value = Varint.Read(ref row);
            if (table.Columns[column].IsNumber || value < 0)
            {
                Varint.Write(stored, value);
                continue;
            }

            var content = row[..(int)value].ToArray();
            row = row[content.Length..];
            if (!table.Columns[column].IsBlob)
            {
                var text = Encoding.UTF8.GetString(content);
                content = Encoding.UTF8.GetBytes(dialect.TextOf(column < table.KeyColumns && !ReferenceEquals(table, IndexTable.String) ? dialect.KeyOf(text) : text));
            }

            Varint.Write(stored, content.Length);
            stored.Write(content);
        }

        return stored.WrittenSpan.ToArray();
    }

    /// <summary>A row of the table as it would stand in a packed blob, without its length.</summary>
    public static void Encode(ArrayBufferWriter<byte> buffer, IndexTable table, ISqlStatement row)
    {
        buffer.Write([table.Tag]);
        for (var column = 0; column < table.Columns.Length; column++)
        {
            if (table.Columns[column].IsNumber)
            {
                Varint.Write(buffer, row.Long(column));
            }
            else if (row.IsNull(column))
            {
                Varint.Write(buffer, -1);
            }
            else
            {
                var bytes = table.Columns[column].IsBlob ? row.Bytes(column) : Encoding.UTF8.GetBytes(row.Text(column));
                Varint.Write(buffer, bytes.Length);
                buffer.Write(bytes);
            }
        }
    }

    private static byte[] Sorted(ReadOnlyMemory<byte> rows, (int Start, int Length)[] slices)
    {
        Array.Sort(slices, (left, right) => rows.Span.Slice(left.Start, left.Length).SequenceCompareTo(rows.Span.Slice(right.Start, right.Length)));
        var (count, length) = (0, 0);
        foreach (var slice in slices)
        {
            if (count == 0 || !rows.Span.Slice(slice.Start, slice.Length).SequenceEqual(rows.Span.Slice(slices[count - 1].Start, slices[count - 1].Length)))
            {
                slices[count++] = slice;
                length += Varint.Length(slice.Length) + slice.Length;
            }
        }

        var packed = new byte[length];
        var at = 0;
        foreach (var (start, size) in slices.AsSpan(0, count))
        {
            at += Varint.Write(packed.AsSpan(at), size);
            rows.Span.Slice(start, size).CopyTo(packed.AsSpan(at));
            at += size;
        }

        return packed;
    }

    private readonly struct RowEncoder(ArrayBufferWriter<byte> buffer, IRowNames names)
    {
        public bool Encode(SearchRow row)
        {
            if (names.Path(row.Path) is not { } path)
            {
                return false;
            }

            switch (row)
            {
                case TokenRow token when names.System(token.System) is { } system:
                    Start(IndexTable.Token, path).Text(token.Code).Number(system).Number(token.Group).Text(token.Text);
                    return true;
                case ReferenceRow reference when TypeOf(reference.Type) is { } type:
                    Start(IndexTable.Reference, path).Number(type).Text(reference.Id).Number(reference.Group).Text(reference.Version);
                    return true;
                case DateRow date:
                    Start(IndexTable.Date, path).Number(date.From).Number(date.To).Number(date.Group);
                    return true;
                case StringRow text:
                    Start(IndexTable.String, path).Text(text.Folded).Text(text.Exact).Number(text.Group);
                    return true;
                case QuantityRow quantity when names.Unit(quantity.System, quantity.Code, quantity.Unit) is { } unit:
                    Start(IndexTable.Quantity, path).Number(unit).Blob(quantity.Key).Number(quantity.Group);
                    return true;
                case NumberRow number:
                    Start(IndexTable.Number, path).Blob(number.Key).Number(number.Group);
                    return true;
                case UriRow uri:
                    Start(IndexTable.Uri, path).Text(uri.Uri);
                    return true;
                case CompartmentRow compartment when names.System(compartment.System) is { } system:
                    Start(IndexTable.Compartment, path).Text(compartment.Patient).Text(compartment.Code).Number(system);
                    return true;
                default:
                    return false;
            }
        }

        private long? TypeOf(string name) => name.Length == 0 ? 0 : names.Type(name);

        private RowEncoder Start(IndexTable table, long path)
        {
            buffer.GetSpan(1)[0] = table.Tag;
            buffer.Advance(1);
            return Number(path);
        }

        private RowEncoder Number(long value)
        {
            Varint.Write(buffer, value);
            return this;
        }

        private RowEncoder Text(string? text)
        {
            if (text is null)
            {
                return Number(-1);
            }

            Varint.Write(buffer, Encoding.UTF8.GetByteCount(text));
            Encoding.UTF8.GetBytes(text, buffer);
            return this;
        }

        private RowEncoder Blob(byte[] blob)
        {
            Varint.Write(buffer, blob.Length);
            buffer.Write(blob);
            return this;
        }
    }
}
