using System.Collections.Concurrent;

namespace AtcFhir.Store.Postgres;

/// <summary>
/// Sessions for readers, each with a thread of its own: a search asks several times in a row, and a thread that waits for an answer must not be one of
/// those that serve requests. A few do the work, since each process of the database has to meet the pages by itself; while slow reads hold all of them up, more
/// join for some seconds. The limit bounds the connections; who comes later waits in line.
/// </summary>
/// <param name="usual">Sessions that stay.</param>
/// <param name="limit">Sessions at most.</param>
internal sealed class PgReaders(Func<PgSession> open, int usual, int limit) : IDisposable
{
    /// <summary>All sessions are held up when reads wait and none was begun for so long; less is what cores that others use as well take from them.</summary>
    private static readonly TimeSpan HeldUp = TimeSpan.FromMilliseconds(100);

    /// <summary>After so long one that is more than usual leaves, whether there is work or not; where it is still needed, another joins.</summary>
    private static readonly TimeSpan Stay = TimeSpan.FromSeconds(10);

    private readonly BlockingCollection<Job> jobs = [];
    private int threads;
    private int idle;
    private long begun;
    private int isWatched;

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
        if (Volatile.Read(ref idle) < jobs.Count)
        {
            Join(usual);
        }

        if (jobs.Count > 0 && Interlocked.Exchange(ref isWatched, 1) == 0)
        {
            _ = Watch();
        }
    }

    /// <summary>Until the line is empty: lets a session join whenever none of those that work got to the next read.</summary>
    private async Task Watch()
    {
        while (Volatile.Read(ref threads) < limit)
        {
            var before = Volatile.Read(ref begun);
            await Task.Delay(HeldUp).ConfigureAwait(false);
            if (jobs.Count == 0)
            {
                break;
            }

            if (Volatile.Read(ref begun) == before)
            {
                Join(limit);
            }
        }

        Volatile.Write(ref isWatched, 0);
        if (jobs.Count > 0 && Volatile.Read(ref threads) < limit)
        {
            Staff();
        }
    }

    private void Join(int most)
    {
        if (Interlocked.Increment(ref threads) <= most)
        {
            new Thread(Work) { IsBackground = true, Name = "AtcFhir store reader" }.Start();
        }
        else
        {
            Interlocked.Decrement(ref threads);
        }
    }

    private void Work()
    {
        var (session, joined) = ((PgSession?)null, Environment.TickCount64);
        do
        {
            Interlocked.Increment(ref idle);
            var hasJob = jobs.TryTake(out var job, Stay);
            Interlocked.Decrement(ref idle);
            if (hasJob)
            {
                Interlocked.Increment(ref begun);
                session = Run(job!, session);
            }
        }
        while (!jobs.IsCompleted && (Environment.TickCount64 - joined < Stay.TotalMilliseconds || !MayLeave()));

        session?.Dispose();
        Staff(); // nobody may be left in the line unwatched
    }

    private bool MayLeave()
    {
        if (Interlocked.Decrement(ref threads) >= usual)
        {
            return true;
        }

        Interlocked.Increment(ref threads);
        return false;
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
