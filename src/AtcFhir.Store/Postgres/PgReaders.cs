using System.Collections.Concurrent;

namespace AtcFhir.Store.Postgres;

/// <summary>
/// Sessions for readers, each with a thread of its own: a search asks several times in a row, and a thread that waits for an answer must not be one of
/// those that serve requests. Their number bounds the connections; who comes later waits in line.
/// </summary>
internal sealed class PgReaders(Func<PgSession> open, int limit) : IDisposable
{
    private readonly BlockingCollection<Job> jobs = [];
    private int threads;
    private int idle;

    /// <summary>Reads with a session of its own; each statement sees what is committed when it begins.</summary>
    public Task<T> Read<T>(Func<PgSession, T> read, CancellationToken cancel) => Enqueue(
        session =>
        {
            session.LimitSession(Timeout.InfiniteTimeSpan);
            return read(session);
        },
        cancel);

    /// <summary>Reads with several statements that all see the same state, for at most that time.</summary>
    public Task<T> Snapshot<T>(Func<PgSession, T> read, TimeSpan timeout, CancellationToken cancel) => Enqueue(
        session =>
        {
            session.BeginSnapshot(timeout);
            try
            {
                return read(session);
            }
            finally
            {
                session.EndSnapshot();
            }
        },
        cancel);

    public void Dispose() => jobs.CompleteAdding();

    private Task<T> Enqueue<T>(Func<PgSession, T> read, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(jobs.IsAddingCompleted, this);
        var job = new Job<T>(read, cancel);
        try
        {
            jobs.Add(job, CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(PgReaders));
        }

        Staff();
        return job.Done.Task;
    }

    private void Staff()
    {
        if (Volatile.Read(ref idle) < jobs.Count && Volatile.Read(ref threads) < limit)
        {
            if (Interlocked.Increment(ref threads) <= limit)
            {
                new Thread(Work) { IsBackground = true, Name = "AtcFhir store reader" }.Start();
            }
            else
            {
                Interlocked.Decrement(ref threads);
            }
        }
    }

    private void Work()
    {
        PgSession? session = null;
        Interlocked.Increment(ref idle);
        foreach (var job in jobs.GetConsumingEnumerable())
        {
            Interlocked.Decrement(ref idle);
            session = Run(job, session);
            Interlocked.Increment(ref idle);
        }

        session?.Dispose();
    }

    /// <returns>The session for the next job; null when it is lost.</returns>
    private PgSession? Run(Job job, PgSession? session)
    {
        // A session that was idle may have been lost long ago; a read may be done twice.
        var isFresh = session is null;
        while (true)
        {
            try
            {
                session ??= open();
                job.Run(session);
                if (session.IsOpen)
                {
                    return session;
                }

                session.Dispose();
                return null;
            }
            catch (Exception e)
            {
                if (session is { IsOpen: true })
                {
                    job.Fail(Told(e));
                    return session;
                }

                session?.Dispose();
                session = null;
                if (isFresh || !PgFailure.IsUnavailable(e))
                {
                    job.Fail(Told(e));
                    return null;
                }

                isFresh = true;
            }
        }
    }

    private static Exception Told(Exception error) => PgFailure.IsUnavailable(error) ? new StoreUnavailableException(PgFailure.Text(error), error) : error;

    private abstract class Job
    {
        public abstract void Run(PgSession session);

        public abstract void Fail(Exception error);
    }

    private sealed class Job<T>(Func<PgSession, T> read, CancellationToken cancel) : Job
    {
        public TaskCompletionSource<T> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Run(PgSession session)
        {
            if (cancel.IsCancellationRequested)
            {
                Done.TrySetCanceled(cancel);
                return;
            }

            Done.TrySetResult(read(session));
        }

        public override void Fail(Exception error) => Done.TrySetException(error);
    }
}
