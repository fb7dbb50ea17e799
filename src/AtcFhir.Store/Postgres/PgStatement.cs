using AtcFhir.Store.Sql;
using Npgsql;

namespace AtcFhir.Store.Postgres;

/// <summary>A statement of a <see cref="PgSession"/>; it is sent with the first step.</summary>
internal sealed class PgStatement(PgSession session, string sql) : ISqlStatement
{
    private readonly List<object?> values = [];
    private NpgsqlDataReader? rows;

    public int Columns => rows!.FieldCount;

    public ISqlStatement Bind(int parameter, long value) => Set(parameter, value);

    public ISqlStatement Bind(int parameter, string? value) => Set(parameter, value);

    public ISqlStatement BindValue(int parameter, object? value) => Set(parameter, value);

    public bool Step()
    {
        rows ??= session.Execute(sql, values);
        if (rows.Read())
        {
            return true;
        }

        session.AtEnd(rows);
        return false;
    }

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

    /// <summary>Runs it and tells how many rows it changed.</summary>
    public int Change()
    {
        try
        {
            rows = session.Execute(sql, values);
            while (rows.Read())
            {
            }

            return rows.RecordsAffected;
        }
        finally
        {
            Reset();
        }
    }

    public void Reset()
    {
        rows?.Dispose();
        rows = null;
    }

    public bool IsNull(int column) => rows!.IsDBNull(column);

    public long Long(int column) => IsNull(column) ? 0 : rows!.GetInt64(column);

    public long? LongOrNull(int column) => IsNull(column) ? null : rows!.GetInt64(column);

    public string Text(int column) => IsNull(column) ? "" : rows!.GetString(column);

    public string? TextOrNull(int column) => IsNull(column) ? null : rows!.GetString(column);

    public byte[] Bytes(int column) => IsNull(column) ? [] : rows!.GetFieldValue<byte[]>(column);

    public object? Value(int column) => IsNull(column)
        ? null
        : rows!.GetValue(column) switch
        {
            long number => number,
            int number => (long)number,
            short number => (long)number,
            bool flag => flag ? 1L : 0L,
            decimal number when decimal.IsInteger(number) => (long)number,
            decimal number => (double)number,
            float number => (double)number,
            var other => other,
        };

    private PgStatement Set(int parameter, object? value)
    {
        while (values.Count < parameter)
        {
            values.Add(null);
        }

        values[parameter - 1] = value;
        return this;
    }
}
