using AtcFhir.Store.Sql;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AtcFhir.Store.Sqlite;

/// <summary>One connection and its prepared statements; used by one thread at a time.</summary>
internal sealed class Connection : ISqlSession, IDisposable
{
    private const int StatementLimit = 300;

    /// <summary>SQLITE_DBCONFIG_ENABLE_QPSG. <see href="https://www.sqlite.org/c3ref/c_dbconfig_defensive.html"/></summary>
    private const int QueryPlannerStability = 1007;
    private const int ProgressSteps = 20_000;

    private readonly SqliteConnection opened;
    private readonly sqlite3 handle;
    private readonly Dictionary<string, Statement> statements = new(StringComparer.Ordinal);
    private readonly List<Statement> kept = [];
    private readonly TimeProvider time;
    private long deadline = long.MaxValue;

    private Connection(SqliteConnection opened, TimeProvider time)
    {
        this.opened = opened;
        this.time = time;
        handle = opened.Handle!;
        // Otherwise the library compiles a statement again whenever a value that its plan might depend on, such as that of LIMIT, is bound anew.
        raw.sqlite3_db_config(handle, QueryPlannerStability, 1, out _);
        raw.sqlite3_progress_handler(handle, ProgressSteps, _ => this.time.GetTimestamp() > deadline ? 1 : 0, null!);
    }

    /// <summary>Opens the database file, making it when it is absent.</summary>
    public static Connection Open(string connectionString, TimeSpan busyTimeout, TimeProvider time, bool isWriter = false)
    {
        var settings = new SqliteConnectionStringBuilder(connectionString) { Pooling = false };
        var opened = new SqliteConnection(settings.ConnectionString);
        try
        {
            opened.Open();
            var connection = new Connection(opened, time) { IsWriter = isWriter };
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout={(int)busyTimeout.TotalMilliseconds}"));
            return connection;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>The statement of that SQL, ready for binding. The text is the key: values are bound, never written into it.</summary>
    public Statement Prepare(string sql)
    {
        if (statements.TryGetValue(sql, out var known))
        {
            return known;
        }

        var statement = PrepareOnce(sql);
        statements.Add(sql, statement);
        return statement;
    }

    public SqlDialect Dialect => SqlDialect.Sqlite;

    public bool IsWriter { get; init; }

    ISqlStatement ISqlSession.Prepare(string sql) => Prepare(sql);

    /// <summary>A statement of the caller's own, which <see cref="Trim"/> leaves alone.</summary>
    public Statement Keep(string sql)
    {
        var statement = PrepareOnce(sql);
        kept.Add(statement);
        return statement;
    }

    /// <summary>Runs statements that take no parameters.</summary>
    public void Execute(string sql)
    {
        var code = raw.sqlite3_exec(handle, sql);
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteFailure(code, raw.sqlite3_errmsg(handle).utf8_to_string() ?? "");
        }
    }

    /// <summary>The first column of the first row.</summary>
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

    /// <summary>Nothing to save here: ending a transaction that has read costs next to nothing.</summary>
    public void LastFollows()
    {
    }

    /// <summary>Rows that the last statement changed.</summary>
    public int Changes => raw.sqlite3_changes(handle);

    public bool InTransaction => raw.sqlite3_get_autocommit(handle) == 0;

    /// <summary>From now on statements are interrupted after that time; null for never.</summary>
    public void LimitTo(TimeSpan? limit)
        => deadline = limit is { } span ? time.GetTimestamp() + (long)(span.TotalSeconds * time.TimestampFrequency) : long.MaxValue;

    /// <summary>Frees prepared statements when there are many; only while none is in use.</summary>
    public void Trim()
    {
        if (statements.Count > StatementLimit)
        {
            ForgetStatements();
        }
    }

    /// <summary>Frees the pages of the cache that nothing holds.</summary>
    public void ShrinkCache() => Execute("PRAGMA shrink_memory");

    public void Dispose()
    {
        ForgetStatements();
        kept.ForEach(statement => statement.Dispose());
        opened.Dispose();
    }

    private Statement PrepareOnce(string sql)
    {
        var code = raw.sqlite3_prepare_v3(handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var prepared);
        return code == raw.SQLITE_OK ? new Statement(handle, prepared) : throw new SqliteFailure(code, raw.sqlite3_errmsg(handle).utf8_to_string() ?? "");
    }

    private void ForgetStatements()
    {
        foreach (var statement in statements.Values)
        {
            statement.Dispose();
        }

        statements.Clear();
    }
}
