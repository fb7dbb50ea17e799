using SQLitePCL;

namespace AtcFhir.Store.Sqlite;

/// <summary>SQLite said no. The message is SQLite's own and holds no bound value.</summary>
internal sealed class SqliteFailure(int code, string message) : Exception($"SQLite error {code}: {message}")
{
    public int Code { get; } = code & 0xFF;

    /// <summary>Interrupted by the deadline of a search.</summary>
    public bool IsInterrupt => Code == raw.SQLITE_INTERRUPT;

    /// <summary>Another process holds the lock, or the disk is full, failing or read-only: the same call may work later.</summary>
    public bool IsTransient => IsInterrupt || IsUnavailable(Code);

    /// <summary>What is in the way, in words that hold nothing of what was written.</summary>
    public string Text => TextOf(Code);

    public static bool IsUnavailable(int code) => code is raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL or raw.SQLITE_FULL or raw.SQLITE_IOERR
        or raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_NOMEM;

    public static string TextOf(int code) => code switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL => "Another process holds the database.",
        raw.SQLITE_FULL => "The disk of the database is full.",
        raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => "The database file cannot be written.",
        raw.SQLITE_NOMEM => "There is not enough memory.",
        _ => "The disk of the database fails.",
    };
}
