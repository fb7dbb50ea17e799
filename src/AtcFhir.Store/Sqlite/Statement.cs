using System.Text;
using AtcFhir.Store.Sql;
using SQLitePCL;

namespace AtcFhir.Store.Sqlite;

/// <summary>
/// A prepared statement, used by one thread at a time: bind, step, read, reset. Straight on SQLite's own calls, since ADO.NET costs a quarter more
/// here (docs/store.md). Parameters count from 1, columns from 0.
/// </summary>
internal sealed class Statement(sqlite3 database, sqlite3_stmt handle) : ISqlStatement, IDisposable
{
    private const int StackLimit = 512;

    public Statement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(handle, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, string? value)
    {
        if (value is null)
        {
            return BindNull(parameter);
        }

        if (value.Length > StackLimit / 3)
        {
            Check(raw.sqlite3_bind_text(handle, parameter, Encoding.UTF8.GetBytes(value)));
            return this;
        }

        Span<byte> utf8 = stackalloc byte[StackLimit];
        Check(raw.sqlite3_bind_text(handle, parameter, utf8[..Encoding.UTF8.GetBytes(value, utf8)]));
        return this;
    }

    public Statement BindText(int parameter, ReadOnlySpan<byte> utf8)
    {
        Check(raw.sqlite3_bind_text(handle, parameter, utf8));
        return this;
    }

    public Statement Bind(int parameter, ReadOnlySpan<byte> blob)
    {
        Check(blob.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, parameter, 0) : raw.sqlite3_bind_blob(handle, parameter, blob));
        return this;
    }

    public Statement BindNull(int parameter)
    {
        Check(raw.sqlite3_bind_null(handle, parameter));
        return this;
    }

    /// <summary>Binds a value of one of the types that <see cref="Side.SideStatement"/> allows.</summary>
    public Statement BindValue(int parameter, object? value) => value switch
    {
        null => BindNull(parameter),
        long number => Bind(parameter, number),
        int number => Bind(parameter, number),
        bool flag => Bind(parameter, flag ? 1L : 0L),
        string text => Bind(parameter, text),
        byte[] bytes => Bind(parameter, bytes.AsSpan()),
        ReadOnlyMemory<byte> bytes => Bind(parameter, bytes.Span),
        Enum => throw new ArgumentException("An enum is not a database value; give its number or name."),
        _ => throw new ArgumentException($"A parameter of type {value.GetType().Name} would be stored differently by each engine; use long, string or byte[]."),
    };

    ISqlStatement ISqlStatement.Bind(int parameter, long value) => Bind(parameter, value);

    ISqlStatement ISqlStatement.Bind(int parameter, string? value) => Bind(parameter, value);

    ISqlStatement ISqlStatement.BindValue(int parameter, object? value) => BindValue(parameter, value);

    /// <summary>The number of the parameter of that name ("$1"), 0 when the SQL has none.</summary>
    public int ParameterIndex(string name) => raw.sqlite3_bind_parameter_index(handle, name);

    /// <summary>True when there is a row to read.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        return code switch
        {
            raw.SQLITE_ROW => true,
            raw.SQLITE_DONE => false,
            _ => throw Fail(code),
        };
    }

    /// <summary>Runs a statement that gives no rows, and makes it ready for the next use.</summary>
    public void Run()
    {
        try
        {
            while (Step())
            {
            }
        }
        finally
        {
            Reset();
        }
    }

    public long Long(int column) => raw.sqlite3_column_int64(handle, column);

    public long? LongOrNull(int column) => IsNull(column) ? null : Long(column);

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string() ?? "";

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>Valid until the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(handle, column);

    public byte[] Bytes(int column) => Blob(column).ToArray();

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public int Columns => raw.sqlite3_column_count(handle);

    public object? Value(int column) => raw.sqlite3_column_type(handle, column) switch
    {
        raw.SQLITE_NULL => null,
        raw.SQLITE_INTEGER => Long(column),
        raw.SQLITE_FLOAT => raw.sqlite3_column_double(handle, column),
        raw.SQLITE_TEXT => Text(column),
        _ => Blob(column).ToArray(),
    };

    public void Reset()
    {
        // The code repeats the failure of the step before, which was thrown then.
        _ = raw.sqlite3_reset(handle);
    }

    public void Dispose() => handle.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Fail(code);
        }
    }

    private SqliteFailure Fail(int code) => new(code, raw.sqlite3_errmsg(database).utf8_to_string() ?? "");
}
