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
    private readonly BlockingCollection<Waiting> queue = [];
    private readonly SemaphoreSlim places;
    private readonly int groupLimit;
    private readonly Connection connection;
    private readonly Names names;
    private readonly WriterState state;
    private readonly BatchWriter batches;
    private readonly Action<string> checkpoint;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int closing;

    public GroupWriter(Connection connection, Names names, StoreOptions options, ConditionSearch conditions)
    {
        (this.connection, this.names, groupLimit, checkpoint) = (connection, names, options.GroupLimit, options.Checkpoint);
        places = new SemaphoreSlim(options.QueueLimit);
        state = new WriterState(connection, options.Time);
        batches = new BatchWriter(connection, names, state, conditions);
        new Thread(Work) { IsBackground = true, Name = "AtcFhir store writer" }.Start();
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
        foreach (var first in queue.GetConsumingEnumerable())
        {
            group.Clear();
            group.Add(first);
            while (group.Count < groupLimit && queue.TryTake(out var next))
            {
                group.Add(next);
            }

            Write(group);
            connection.Trim();
        }

        connection.Dispose();
        ended.SetResult();
    }

    private void Write(List<Waiting> group)
    {
        try
        {
            connection.Execute("BEGIN IMMEDIATE");
            state.Begin();
            foreach (var waiting in group)
            {
                Apply(waiting);
            }

            checkpoint("before commit");
            connection.Execute("COMMIT");
            checkpoint("after commit");
            state.Committed();
            names.Commit();
        }
        catch (Exception e)
        {
            Abandon(group, e);
            return;
        }

        foreach (var waiting in group)
        {
            waiting.Answer();
        }
    }

    private void Apply(Waiting waiting)
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
        foreach (var waiting in group)
        {
            if (waiting.Error is null && error is SqliteFailure { IsTransient: true } transient)
            {
                waiting.Result = Unavailable(waiting.Batch, transient.Code == SQLitePCL.raw.SQLITE_FULL ? "The disk is full." : "The database is busy or its disk fails; nothing was written.");
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
