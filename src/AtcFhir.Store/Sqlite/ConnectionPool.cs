using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace AtcFhir.Store.Sqlite;

/// <summary>Connections for readers. Each reads a snapshot of the write-ahead log, so readers never wait for the writer, nor it for them.</summary>
internal sealed class ConnectionPool(Func<Connection> open) : IDisposable
{
    private readonly ConcurrentStack<Connection> free = new();
    private volatile bool closed;
    private int used;

    /// <summary>Reads with a connection of its own. Statements that are to see the same snapshot go through <see cref="Snapshot"/>.</summary>
    public T Read<T>(Func<Connection, T> read)
    {
        ObjectDisposedException.ThrowIf(closed, this);
        Volatile.Write(ref used, 1);
        if (!free.TryPop(out var connection))
        {
            connection = Open();
        }

        try
        {
            return read(connection);
        }
        catch (SqliteFailure e) when (e is { IsTransient: true, IsInterrupt: false })
        {
            throw new StoreUnavailableException(e.Text, e);
        }
        finally
        {
            Return(connection);
        }
    }

    /// <summary>Reads with several statements that all see the same state.</summary>
    public T Snapshot<T>(Func<Connection, T> read) => Read(connection =>
    {
        connection.Prepare("BEGIN").Run();
        try
        {
            return read(connection);
        }
        finally
        {
            // An error of the disk has ended the transaction already.
            if (connection.InTransaction)
            {
                connection.Prepare("ROLLBACK").Run();
            }
        }
    });

    /// <summary>When nobody has read since the last call, one connection is kept, and its cache emptied: an idle store holds no copy of the file.</summary>
    public void Rest()
    {
        if (Interlocked.Exchange(ref used, 0) != 0 || !free.TryPop(out var kept))
        {
            return;
        }

        while (free.TryPop(out var connection))
        {
            connection.Dispose();
        }

        kept.ShrinkCache();
        Return(kept);
    }

    public void Dispose()
    {
        closed = true;
        while (free.TryPop(out var connection))
        {
            connection.Dispose();
        }
    }

    private Connection Open()
    {
        try
        {
            return open();
        }
        catch (SqliteException e) when (SqliteFailure.IsUnavailable(e.SqliteErrorCode))
        {
            throw new StoreUnavailableException(SqliteFailure.TextOf(e.SqliteErrorCode), e);
        }
    }

    private void Return(Connection connection)
    {
        connection.Trim();
        free.Push(connection);
        if (closed)
        {
            Dispose();
        }
    }
}
