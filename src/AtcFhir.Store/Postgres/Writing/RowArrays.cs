using System.Text;
using AtcFhir.Store.Writing;
using Npgsql;

namespace AtcFhir.Store.Postgres.Writing;

/// <summary>
/// Rows for one statement, by column: the statement takes one array a column and spreads them with <c>unnest</c>, so that any number of rows is
/// one round trip and the same prepared text.
/// </summary>
/// <param name="kinds">One letter a column: n is long, t is text, b is bytes; all may be null.</param>
internal sealed class RowArrays(string sql, string kinds)
{
    private readonly List<long?>[] numbers = [.. kinds.Select(_ => new List<long?>())];
    private readonly List<string?>[] texts = [.. kinds.Select(_ => new List<string?>())];
    private readonly List<byte[]?>[] blobs = [.. kinds.Select(_ => new List<byte[]?>())];
    private int column;

    public int Rows { get; private set; }

    /// <summary>"unnest($1::bigint[], $2::text[], …)".</summary>
    public static string Unnest(string kinds) => $"unnest({string.Join(", ", kinds.Select((kind, index) => $"${index + 1}::{TypeOf(kind)}[]"))})";

    public RowArrays Add(long? value)
    {
        numbers[column++].Add(value);
        return this;
    }

    public RowArrays Add(string? value)
    {
        texts[column++].Add(value is null ? null : PgText.Clean(value));
        return this;
    }

    public RowArrays Add(byte[]? value)
    {
        blobs[column++].Add(value);
        return this;
    }

    /// <summary>Ends a row.</summary>
    public void End()
    {
        if (column != kinds.Length)
        {
            throw new InvalidOperationException($"A row of {kinds.Length} columns got {column} values.");
        }

        column = 0;
        Rows++;
    }

    /// <summary>Adds the first columns of a row that <see cref="RowCodec"/> packed, and the resource.</summary>
    public void AddPacked(ReadOnlySpan<byte> row, IndexTable table, int columns, long resource)
    {
        row = row[1..];
        for (var index = 0; index < columns; index++)
        {
            var value = Varint.Read(ref row);
            var kind = table.Columns[index];
            if (kind.IsNumber)
            {
                Add(value);
                continue;
            }

            var content = value < 0 ? default : row[..(int)value];
            row = row[content.Length..];
            if (kind.IsBlob)
            {
                Add(value < 0 ? null : content.ToArray());
            }
            else
            {
                Add(value < 0 ? null : TextOf(content, isKey: index < table.KeyColumns && !ReferenceEquals(table, IndexTable.String)));
            }
        }

        Add(resource).End();
    }

    public NpgsqlBatchCommand ToCommand()
    {
        var command = new NpgsqlBatchCommand(sql);
        for (var index = 0; index < kinds.Length; index++)
        {
            command.Parameters.Add(kinds[index] switch
            {
                'n' => new NpgsqlParameter<long?[]> { TypedValue = [.. numbers[index]] },
                't' => new NpgsqlParameter<string?[]> { TypedValue = [.. texts[index]] },
                _ => new NpgsqlParameter<byte[]?[]> { TypedValue = [.. blobs[index]] },
            });
        }

        return command;
    }

    private static string TextOf(ReadOnlySpan<byte> utf8, bool isKey)
    {
        var text = Encoding.UTF8.GetString(utf8);
        return isKey ? PgText.KeyOf(text) : text;
    }

    private static string TypeOf(char kind) => kind switch
    {
        'n' => "bigint",
        't' => "text",
        _ => "bytea",
    };
}
