using System.Net.Sockets;
using Npgsql;

namespace AtcFhir.Store.Postgres;

/// <summary>What an error of the database means to us.</summary>
internal static class PgFailure
{
    private const string IdleInTransaction = "25P03";
    private const string TransactionTooLong = "25P04";
    private const string IdleSession = "57P05";

    /// <summary>The time of a search ran out.</summary>
    public static bool IsTooCostly(Exception error) => error is TimeoutException or PostgresException { SqlState: PostgresErrorCodes.QueryCanceled };

    /// <summary>A constraint of a table does not hold.</summary>
    public static bool IsConstraint(PostgresException error) => error.SqlState.StartsWith("23", StringComparison.Ordinal);

    /// <summary>
    /// The database is away, starting, full or overrun, or somebody ended the statement or the session (pg_cancel_backend, a timeout of the database's own): the same
    /// call may work later.
    /// </summary>
    public static bool IsUnavailable(Exception error) => error switch
    {
        PostgresException known => known.SqlState is
                PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
                or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.QueryCanceled
                or IdleInTransaction or TransactionTooLong or IdleSession
            || known.SqlState[..2] is "08" or "53" or "58",
        NpgsqlException or SocketException => true, // the latter of a host name that is not known now
        _ => false,
    };

    /// <summary>The error in words that hold nothing of what was written.</summary>
    public static string Text(Exception error) => (error as PostgresException)?.SqlState switch
    {
        PostgresErrorCodes.DiskFull => "The disk of the database is full.",
        PostgresErrorCodes.LockNotAvailable => "Another process holds the database.",
        _ => "The database cannot be reached or is busy.",
    };
}
