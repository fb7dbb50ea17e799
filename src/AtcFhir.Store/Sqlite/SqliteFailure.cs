using SQLitePCL;

namespace AtcFhir.Store.Sqlite;

/// <summary>SQLite said no. The message is SQLite's own and holds no bound value.</summary>
internal sealed class SqliteFailure(int code, string message) : Exception($"SQLite error {code}: {message}")
{
    public int Code { get; } = code & 0xFF;

    /// <summary>Interrupted by the deadline of a search.</summary>
    public bool IsInterrupt => Code == raw.SQLITE_INTERRUPT;

    /// <summary>Another process holds the lock, or the disk is full or failing: the same call may work later.</summary>
    public bool IsTransient => Code is raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_INTERRUPT or raw.SQLITE_NOMEM;
}
