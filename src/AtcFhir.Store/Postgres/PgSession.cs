using AtcFhir.Store.Sql;
using Npgsql;

namespace AtcFhir.Store.Postgres;

/// <summary>
/// One connection, used by one thread at a time. It is ours for as long as it lives, so statements that return are prepared by the server once.
/// </summary>
internal sealed class PgSession : ISqlSession, IDisposable
{
    /// <summary>For a session whose statements take some rows by key of tables that may hold millions: each is a seek, whatever the statistics say.</summary>
    public const string Seeks = "SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off";

    private const int PreparedStatements = 200;

    private readonly TimeProvider time;
    private long deadline = long.MaxValue;
    private TimeSpan timeout = Timeout.InfiniteTimeSpan;
    private Snapshot snapshot;
    private bool isLast;

    private PgSession(NpgsqlConnection connection, TimeProvider time) => (Connection, this.time) = (connection, time);

    public NpgsqlConnection Connection { get; }

    public SqlDialect Dialect => PgText.Dialect;

    public bool IsWriter { get; set; }

    /// <summary>False when the connection is lost.</summary>
    public bool IsOpen => Connection.State == System.Data.ConnectionState.Open;

    /// <param name="busyTimeout">How long a statement waits for a lock of somebody else.</param>
    public static PgSession Open(string connectionString, TimeSpan busyTimeout, TimeProvider time)
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
            var session = new PgSession(connection, time);
            // A page is found in less time than it takes to compile the search for it.
            session.Execute(string.Create(CultureInfo.InvariantCulture, $"SET lock_timeout = {Math.Max(1, (int)busyTimeout.TotalMilliseconds)}; SET statement_timeout = 0; SET jit = off"));
            return session;
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
        deadline = DeadlineOf(limit);
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

    /// <summary>
    /// From now on all statements see the same state, until <see cref="EndSnapshot"/>. The transaction begins with the first of them, in the same round trip, and
    /// ends with the one that <see cref="LastFollows"/> announces; one that is first and last needs none.
    /// </summary>
    public void BeginSnapshot(TimeSpan limit)
    {
        LimitSession(limit);
        deadline = limit == Timeout.InfiniteTimeSpan ? long.MaxValue : DeadlineOf(limit);
        (snapshot, isLast) = (Snapshot.Wanted, false);
    }

    public void LastFollows() => isLast = true;

    /// <summary>What went wrong before, or was read, counts: a connection that breaks here is closed, and is no failure of its own.</summary>
    public void EndSnapshot()
    {
        deadline = long.MaxValue;
        var isOpen = snapshot is Snapshot.Begun or Snapshot.Ending;
        (snapshot, isLast) = (Snapshot.None, false);
        if (isOpen && IsOpen)
        {
            try
            {
                Execute("ROLLBACK");
            }
            catch (NpgsqlException)
            {
                Connection.Close();
            }
        }
    }

    /// <summary>How long a statement outside of <see cref="LimitTo"/> may take.</summary>
    public void LimitSession(TimeSpan limit)
    {
        if (limit != timeout)
        {
            var milliseconds = limit == Timeout.InfiniteTimeSpan ? 0 : Math.Max(1, (long)limit.TotalMilliseconds);
            Execute(string.Create(CultureInfo.InvariantCulture, $"SET statement_timeout = {milliseconds}"));
            timeout = limit;
        }
    }

    public NpgsqlDataReader Execute(string sql, IReadOnlyList<object?> values)
    {
        if (time.GetTimestamp() > deadline)
        {
            throw new TimeoutException("The time of the search is over.");
        }

        var used = new List<int>(values.Count);
        var text = PgText.Number(sql, values, used);
        if (snapshot is Snapshot.Wanted && isLast)
        {
            snapshot = Snapshot.None;
        }

        if (snapshot is Snapshot.None or Snapshot.Ending || (snapshot is Snapshot.Begun && !isLast))
        {
            using var command = Command(text);
            Bind(command.Parameters, used, values);
            return command.ExecuteReader();
        }

        // Not disposed: the connection would use it again while its rows are still being read.
        var batch = new NpgsqlBatch(Connection);
        if (snapshot is Snapshot.Wanted)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
        }

#pragma warning disable CA2100 // Values are bound; the text is of this project and of side statements, which are code.
        var bound = new NpgsqlBatchCommand(text);
#pragma warning restore CA2100
        Bind(bound.Parameters, used, values);
        batch.BatchCommands.Add(bound);
        if (isLast)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        }

        // Whatever goes wrong from here on leaves a transaction behind.
        snapshot = isLast ? Snapshot.Ending : Snapshot.Begun;
        return batch.ExecuteReader();
    }

    /// <summary>The rows of a statement were read to their end.</summary>
    public void AtEnd(NpgsqlDataReader rows)
    {
        if (snapshot is Snapshot.Ending)
        {
            rows.NextResult();
            snapshot = Snapshot.None;
        }
    }

    public void Dispose() => Connection.Dispose();

    private static void Bind(NpgsqlParameterCollection parameters, List<int> used, IReadOnlyList<object?> values)
    {
        foreach (var index in used)
        {
            parameters.Add(Parameter(values[index]!));
        }
    }

    private long DeadlineOf(TimeSpan limit) => time.GetTimestamp() + (long)(limit.TotalSeconds * time.TimestampFrequency);

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

    /// <summary>Whether statements share a state, and whether its transaction has begun.</summary>
    private enum Snapshot
    {
        None,
        Wanted,
        Begun,
        /// <summary>The COMMIT is sent and its answer not read yet.</summary>
        Ending,
    }
}
