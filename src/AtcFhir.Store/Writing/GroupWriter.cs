using System.Collections.Concurrent;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Sqlite;

namespace AtcFhir.Store.Writing;

/// <summary>
/// The one writer: a thread that takes what waits in the queue, applies it as one transaction with a savepoint a batch, and answers all of them
/// after the one COMMIT that makes them durable. A thread of its own, since it spends its time in calls that block on the disk.
/// </summary>
internal sealed class GroupWriter : IAsyncDisposable
{
    /// <summary>Writes of one group that make it a bulk load.</summary>
    private const int BulkWrites = 8;

    private static readonly TimeSpan SearchMemory = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IdleTime = TimeSpan.FromMilliseconds(20);

    /// <summary>Without a write for so long, the caches of the writer and of idle readers are emptied.</summary>
    private static readonly TimeSpan RestTime = TimeSpan.FromSeconds(10);

    private readonly BlockingCollection<Waiting> queue = [];
    private readonly SemaphoreSlim places;
    private readonly int groupLimit;
    private readonly Connection connection;
    private readonly Names names;
    private readonly WriterState state;
    private readonly PendingIndex pending;
    private readonly BatchWriter batches;
    private readonly TimeProvider time;
    private readonly Action<string> checkpoint;
    private readonly Action rest;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long searchedAt;
    private int closing;
    private volatile bool isRefused;

    /// <param name="rest">What else is done now and then while nothing is written.</param>
    public GroupWriter(Connection connection, Names names, StoreOptions options, ConditionSearch conditions, Action rest)
    {
        (this.connection, this.names, groupLimit, checkpoint, this.rest) = (connection, names, options.GroupLimit, options.Checkpoint, rest);
        places = new SemaphoreSlim(options.QueueLimit);
        time = options.Time;
        searchedAt = time.GetTimestamp() - (long)(SearchMemory.TotalSeconds * time.TimestampFrequency);
        var index = new IndexWriter(connection);
        pending = new PendingIndex(connection, index);
        state = new WriterState(connection, pending, options.Time);
        batches = new BatchWriter(connection, names, state, index, pending, (query, limit) =>
        {
            pending.Flush();
            IndexAtOnce();
            return conditions(query, limit);
        });
        new Thread(Work) { IsBackground = true, Name = "AtcFhir store writer" }.Start();
    }

    /// <summary>The database did not take the last write: it is locked, full, failing or read-only.</summary>
    public bool IsRefused => isRefused;

    /// <summary>Somebody searches: from the next group on, and for a while, nothing of the index waits.</summary>
    public void IndexAtOnce() => Volatile.Write(ref searchedAt, time.GetTimestamp());

    /// <summary>Comes back when everything that was committed before is in the index.</summary>
    public ValueTask<CommitResult> CatchUp(CancellationToken cancel)
    {
        IndexAtOnce();
        return Commit(new WriteBatch([], null), cancel);
    }

    public async ValueTask<CommitResult> Commit(WriteBatch batch, CancellationToken cancel)
    {
        await places.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (Volatile.Read(ref closing) != 0)
            {
                return Unavailable(batch, "The store is closing.");
            }

            var waiting = new Waiting(batch);
            queue.Add(waiting, CancellationToken.None);
            return await waiting.Done.Task.ConfigureAwait(false);
        }
        catch (InvalidOperationException) when (queue.IsAddingCompleted)
        {
            return Unavailable(batch, "The store is closing.");
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
        }

        await ended.Task.ConfigureAwait(false);
    }

    private void Work()
    {
        var group = new List<Waiting>(groupLimit);
        while (!queue.IsCompleted)
        {
            group.Clear();
            if (queue.TryTake(out var first, pending.IsEmpty ? RestTime : IdleTime))
            {
                group.Add(first);
            }
            else if (pending.IsEmpty)
            {
                connection.ShrinkCache();
                rest();
                continue;
            }

            while (group.Count < groupLimit && queue.TryTake(out var next))
            {
                group.Add(next);
            }

            if ((group.Count > 0 || !pending.IsEmpty) && !Write(group, isGuarded: false))
            {
                Write(group, isGuarded: true);
            }

            connection.Trim();
        }

        group.Clear();
        if (!pending.IsEmpty)
        {
            Write(group, isGuarded: true);
        }

        connection.Dispose();
        ended.SetResult();
    }

    /// <summary>
    /// One transaction. A savepoint copies every page that its batch touches, so batches that decide before they write go without. When one breaks
    /// all the same, the transaction is taken back and false is the answer: the group is to be written again, guarded.
    /// </summary>
    private bool Write(List<Waiting> group, bool isGuarded)
    {
        try
        {
            connection.Execute("BEGIN IMMEDIATE");
            state.Begin();
            batches.DefersIndex = MayDefer(group);
            if (!batches.DefersIndex)
            {
                pending.Flush();
            }

            foreach (var waiting in group)
            {
                if (isGuarded || !DecidesFirst(waiting.Batch))
                {
                    ApplyGuarded(waiting);
                }
                else if (!Apply(waiting))
                {
                    connection.Execute("ROLLBACK");
                    state.RolledBack();
                    names.Rollback();
                    group.ForEach(one => (one.Result, one.Error) = (null, null));
                    return false;
                }
            }

            if (pending.IsFull)
            {
                pending.Flush();
            }

            checkpoint("before commit");
            connection.Execute("COMMIT");
            checkpoint("after commit");
            state.Committed();
            names.Commit();
            // A transaction without rows succeeds on a full disk too.
            isRefused &= !group.Exists(waiting => waiting.Result is { Committed: true } && waiting.Batch is not { Writes.Count: 0, Statements.Count: 0 });
        }
        catch (Exception e)
        {
            Abandon(group, e);
            return true;
        }

        foreach (var waiting in group)
        {
            waiting.Answer();
        }

        return true;
    }

    private bool MayDefer(List<Waiting> group)
        => group.Count > 0 && time.GetElapsedTime(Volatile.Read(ref searchedAt)) >= SearchMemory && (!pending.IsEmpty || group.Sum(waiting => waiting.Batch.Writes.Count) >= BulkWrites);

    /// <summary>
    /// A single write is settled by its conditions before its first row is written, and several without conditions have no reason to fail; other statements may,
    /// with rows behind them.
    /// </summary>
    private static bool DecidesFirst(WriteBatch batch) => batch is { Writes.Count: > 0, Reindexed.Count: 0, Statements.Count: 0, Followups.Count: 0 }
        && (batch.Writes.Count == 1 || batch.Writes.All(write => !write.IsConditional));

    /// <summary>False when a promise is broken while rows may have been written.</summary>
    private bool Apply(Waiting waiting)
    {
        try
        {
            waiting.Result = batches.Apply(waiting.Batch);
        }
        catch (Exception e) when (e is not SqliteFailure { IsTransient: true } && connection.InTransaction)
        {
            return false;
        }

        checkpoint("after batch");
        return waiting.Result.Committed || waiting.Batch.Writes.Count == 1;
    }

    private void ApplyGuarded(Waiting waiting)
    {
        var mark = state.Save();
        connection.Prepare("SAVEPOINT batch").Run();
        try
        {
            waiting.Result = batches.Apply(waiting.Batch);
        }
        catch (Exception e) when (e is not SqliteFailure { IsTransient: true } && connection.InTransaction)
        {
            // A promise of this batch is broken (bad SQL of a side table, a value of a wrong type); the others go on.
            waiting.Error = e;
        }

        checkpoint("after batch");
        if (waiting.Result is not { Committed: true })
        {
            connection.Prepare("ROLLBACK TO batch").Run();
            state.Restore(mark);
            names.Rollback();
        }

        connection.Prepare("RELEASE batch").Run();
    }

    /// <summary>The transaction is lost as a whole: nothing of the group was written.</summary>
    private void Abandon(List<Waiting> group, Exception error)
    {
        if (connection.InTransaction)
        {
            connection.Execute("ROLLBACK");
        }

        state.RolledBack();
        names.Rollback();
        isRefused |= error is SqliteFailure { IsTransient: true };
        foreach (var waiting in group)
        {
            if (waiting.Error is null && error is SqliteFailure { IsTransient: true } transient)
            {
                waiting.Result = Unavailable(waiting.Batch, transient.Text + " Nothing was written.");
            }
            else
            {
                waiting.Error ??= error;
            }

            waiting.Answer();
        }
    }

    private static CommitResult Unavailable(WriteBatch batch, string text) => new(
        [.. batch.Writes.Select(write => new WriteResult(WriteOutcome.NotReached, write.Type, write.Id ?? "", null))],
        new Failure(FailureKind.Busy, IssueCode.Transient, text));

    private sealed class Waiting(WriteBatch batch)
    {
        public WriteBatch Batch { get; } = batch;

        public TaskCompletionSource<CommitResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CommitResult? Result { get; set; }

        public Exception? Error { get; set; }

        public void Answer()
        {
            if (Error is not null)
            {
                Done.SetException(Error);
            }
            else
            {
                Done.SetResult(Result!);
            }
        }
    }
}
