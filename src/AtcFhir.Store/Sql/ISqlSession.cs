namespace AtcFhir.Store.Sql;

/// <summary>
/// A connection of either engine, as the readers use it: SQL of the common dialect in, rows out. Used by one thread at a time. The calls block: SQLite
/// answers from memory, and PostgreSQL's sessions have threads of their own.
/// </summary>
internal interface ISqlSession
{
    /// <summary>Where the engines differ in their SQL.</summary>
    SqlDialect Dialect { get; }

    /// <summary>It is the writer's: it sees what is not committed yet, and may be taken back.</summary>
    bool IsWriter { get; }

    /// <summary>The statement of that SQL, ready for binding. Parameters are ? or $1, $2, …; only one statement of a session is read at a time.</summary>
    ISqlStatement Prepare(string sql);

    /// <summary>The first column of the first row; 0 when there is none.</summary>
    long Scalar(string sql);

    /// <summary>The next statement is the last that has to see the same state as those before it.</summary>
    void LastFollows();
}

/// <summary>A statement: bind, step, read, reset. Parameters count from 1, columns from 0.</summary>
internal interface ISqlStatement
{
    ISqlStatement Bind(int parameter, long value);

    ISqlStatement Bind(int parameter, string? value);

    /// <summary>Binds a value of one of the types that <see cref="Side.SideStatement"/> allows.</summary>
    ISqlStatement BindValue(int parameter, object? value);

    /// <summary>True when there is a row to read.</summary>
    bool Step();

    /// <summary>Runs a statement that gives no rows, and makes it ready for the next use.</summary>
    void Run();

    /// <summary>Ends the reading.</summary>
    void Reset();

    int Columns { get; }

    bool IsNull(int column);

    long Long(int column);

    long? LongOrNull(int column);

    string Text(int column);

    string? TextOrNull(int column);

    /// <summary>Empty when there is no value.</summary>
    byte[] Bytes(int column);

    /// <summary>long, double, string, byte[] or null.</summary>
    object? Value(int column);
}
