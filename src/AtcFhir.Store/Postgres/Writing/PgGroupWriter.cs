using System.Collections.Concurrent;
using AtcFhir.Store.Search;
using AtcFhir.Store.Sqlite;
using Npgsql;

namespace AtcFhir.Store.Postgres.Writing;

/// <summary>
/// The one writer of this process: it takes what waits in the queue, decides all of it under the lock of table writer, sends it as one round trip that ends
/// with COMMIT, and answers. Writers of other processes wait for the lock, so the order of numbers is the order of commits
/// (docs/decisions/0006-postgresql.md).
/// </summary>
internal sealed class PgGroupWriter : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly BlockingCollection<Waiting> queue = [];
    private readonly ManualResetEventSlim closed = new();
    private readonly SemaphoreSlim places;
    private readonly StoreOptions options;
    private readonly Func<PgSession> open;
    private readonly Func<PgSession, SearchQuery, int, R4.Outcomes.Result<StoredResource[]>> conditions;
    private readonly Names names;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PgGroup? group;
    private int closing;
    private volatile bool isRefused;

    public PgGroupWriter(StoreOptions options, Names names, Func<PgSession> open, Func<PgSession, SearchQuery, int, R4.Outcomes.Result<StoredResource[]>> conditions)
    {
        (this.options, this.names, this.open, this.conditions) = (options, names, open, conditions);
        places = new SemaphoreSlim(options.QueueLimit);
        new Thread(Work) { IsBackground = true, Name = "AtcFhir store writer" }.Start();
    }

    /// <summary>The database did not take the last write: it is away, full or locked.</summary>
    public bool IsRefused => isRefused;

    public async ValueTask<CommitResult> Commit(WriteBatch batch, CancellationToken cancel)
    {
        await places.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (Volatile.Read(ref closing) != 0)
            {
                return Waiting.Unavailable(batch, "The store is closing.");
            }

            var waiting = new Waiting(batch);
            queue.Add(waiting, CancellationToken.None);
            return await waiting.Done.Task.ConfigureAwait(false);
        }
        catch (InvalidOperationException) when (queue.IsAddingCompleted)
        {
            return Waiting.Unavailable(batch, "The store is closing.");
        }
        finally
        {
            places.Release();
        }
    }

    /// <summary>Carries out what waits, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref closing, 1) == 0)
        {
            queue.CompleteAdding();
            closed.Set();
        }

        await ended.Task.ConfigureAwait(false);
    }

    private void Work()
    {
        var waiting = new List<Waiting>(options.GroupLimit);
        foreach (var first in queue.GetConsumingEnumerable())
        {
            waiting.Clear();
            waiting.Add(first);
            while (waiting.Count < options.GroupLimit && queue.TryTake(out var next))
            {
                waiting.Add(next);
            }

            Write(waiting);
            waiting.ForEach(one => one.Answer());
        }

        group?.Dispose();
        ended.SetResult();
    }

    /// <param name="isRepeated">The first try met a connection that had been lost, perhaps long ago.</param>
    private void Write(List<Waiting> batches, bool isRepeated = false)
    {
        var isFresh = group is null || isRepeated;
        try
        {
            group ??= Open();
            group.Write(batches);
            isRefused = false;
        }
        catch (Exception e)
        {
            if (!Abandon(batches, e) && !isFresh)
            {
                batches.ForEach(one => (one.Result, one.Error) = (null, null));
                Write(batches, isRepeated: true);
            }
        }
    }

    /// <summary>The transaction is lost as a whole: nothing of it was written, unless it was lost between COMMIT and its answer.</summary>
    /// <returns>False when it is worth to try all of it again.</returns>
    private bool Abandon(List<Waiting> batches, Exception error)
    {
        var doubtful = group?.Doubtful;
        var isLost = group?.TryRollback() == false;
        if (isLost)
        {
            group!.Dispose();
            group = null;
        }

        var isCommitted = doubtful is null ? false : IsCommitted(doubtful);
        if (isCommitted == true)
        {
            return true;
        }

        if (error is PostgresException && !PgFailure.IsUnavailable(error) && batches.Count > 1)
        {
            // One of them holds something that the database does not take; the others shall not suffer from it.
            batches.ForEach(one => (one.Result, one.Error) = (null, null));
            batches.ForEach(one => Write([one]));
            return true;
        }

        isRefused |= PgFailure.IsUnavailable(error);
        foreach (var one in batches)
        {
            if (PgFailure.IsUnavailable(error))
            {
                one.Error = null;
                one.Result = Waiting.Unavailable(one.Batch, isCommitted is null ? "The database was lost while it wrote; whether it did is not known." : PgFailure.Text(error) + " Nothing was written.");
            }
            else
            {
                one.Error ??= error;
            }
        }

        return !isLost || isCommitted is null;
    }

    /// <summary>Asks for the fate of a transaction whose COMMIT got no answer, for as long as a writer waits for the database; null when it cannot be learned.</summary>
    private bool? IsCommitted(DoubtfulCommit doubtful)
    {
        for (var tries = options.BusyTimeout / Pause; tries > 0; tries--)
        {
            try
            {
                group ??= Open();
                if (group.FateOf(doubtful) is { } fate)
                {
                    return fate;
                }
            }
            catch (Exception e) when (PgFailure.IsUnavailable(e))
            {
                group?.Dispose();
                group = null;
            }

            closed.Wait(Pause);
        }

        return null;
    }

    private PgGroup Open()
    {
        var session = open();
        session.IsWriter = true;
        session.Execute(PgSession.Seeks);
        session.Execute(string.Create(CultureInfo.InvariantCulture, $"SET lock_timeout = {Math.Max(1, (int)options.BusyTimeout.TotalMilliseconds)}"));
        return new PgGroup(session, names, options, (query, limit) => conditions(session, query, limit));
    }
}
