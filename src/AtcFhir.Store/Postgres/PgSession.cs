using AtcFhir.Store.Sql;
using Npgsql;

namespace AtcFhir.Store.Postgres;

/// <summary>
/// One connection, used by one thread at a time. It is ours for as long as it lives, so statements that return are prepared by the server once.
/// </summary>
internal sealed class PgSession : ISqlSession, IDisposable
{
    private const int PreparedStatements = 200;

    private readonly TimeProvider time;
    private long deadline = long.MaxValue;

    private PgSession(NpgsqlConnection connection, TimeProvider time) => (Connection, this.time) = (connection, time);

    public NpgsqlConnection Connection { get; }

    public SqlDialect Dialect => PgText.Dialect;

    /// <summary>False when the connection is lost.</summary>
    public bool IsOpen => Connection.State == System.Data.ConnectionState.Open;

    public static PgSession Open(string connectionString, TimeProvider time)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Enlist = false,
            MaxAutoPrepare = PreparedStatements,
            AutoPrepareMinUsages = 2,
            CommandTimeout = 0,
        };
        settings.ApplicationName ??= "atcfhir";
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            return new PgSession(connection, time);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public ISqlStatement Prepare(string sql) => new PgStatement(this, sql);

    public long Scalar(string sql)
    {
        var statement = Prepare(sql);
        try
        {
            return statement.Step() ? statement.Long(0) : 0;
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>Runs statements that take no parameters and give no rows.</summary>
    public void Execute(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    /// <summary>From now on statements end after that time as <see cref="PgFailure.IsTooCostly"/>; only inside of a transaction, and until it ends.</summary>
    public void LimitTo(TimeSpan limit)
    {
        Execute(string.Create(CultureInfo.InvariantCulture, $"SET LOCAL statement_timeout = {Math.Max(1, (long)limit.TotalMilliseconds)}"));
        deadline = time.GetTimestamp() + (long)(limit.TotalSeconds * time.TimestampFrequency);
    }

    /// <summary>No limit any more.</summary>
    public void EndLimit(bool isInTransaction)
    {
        deadline = long.MaxValue;
        if (isInTransaction)
        {
            Execute("SET LOCAL statement_timeout = 0");
        }
    }

    public NpgsqlDataReader Execute(string sql, IReadOnlyList<object?> values)
    {
        if (time.GetTimestamp() > deadline)
        {
            throw new TimeoutException("The time of the search is over.");
        }

        var used = new List<int>(values.Count);
        using var command = Command(PgText.Number(sql, values, used));
        foreach (var index in used)
        {
            command.Parameters.Add(Parameter(values[index]!));
        }

        return command.ExecuteReader();
    }

    public void Dispose() => Connection.Dispose();

    private NpgsqlCommand Command(string sql)
    {
        var command = Connection.CreateCommand();
#pragma warning disable CA2100 // Values are bound; the text is of this project and of side statements, which are code.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    private static NpgsqlParameter Parameter(object value) => value switch
    {
        long number => new NpgsqlParameter<long> { TypedValue = number },
        int number => new NpgsqlParameter<long> { TypedValue = number },
        bool flag => new NpgsqlParameter<long> { TypedValue = flag ? 1 : 0 },
        string text => new NpgsqlParameter<string> { TypedValue = PgText.Clean(text) },
        byte[] bytes => new NpgsqlParameter<byte[]> { TypedValue = bytes },
        ReadOnlyMemory<byte> bytes => new NpgsqlParameter<byte[]> { TypedValue = bytes.ToArray() },
        long[] numbers => new NpgsqlParameter<long[]> { TypedValue = numbers },
        string[] texts => new NpgsqlParameter<string[]> { TypedValue = texts },
        Enum => throw new ArgumentException("An enum is not a database value; give its number or name."),
        _ => throw new ArgumentException($"A parameter of type {value.GetType().Name} would be stored differently by each engine; use long, string or byte[]."),
    };
}
