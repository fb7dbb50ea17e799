using AtcFhir.R4.Outcomes;

namespace AtcFhir.Store.Postgres.Writing;

/// <summary>A batch in the writer's queue.</summary>
internal sealed class Waiting(WriteBatch batch)
{
    public WriteBatch Batch { get; } = batch;

    public TaskCompletionSource<CommitResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CommitResult? Result { get; set; }

    public Exception? Error { get; set; }

    /// <summary>It asks the database while it is applied, so it needs a savepoint of its own.</summary>
    public bool Asks => Batch.Statements.Count > 0 || Batch.Reindexed.Count > 0 || Batch.Followups.Count > 0 || Batch.Writes.Any(write => write.Condition is not null);

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

    /// <summary>Nothing of it was written.</summary>
    public static CommitResult Unavailable(WriteBatch batch, string text) => new(
        [.. batch.Writes.Select(write => new WriteResult(WriteOutcome.NotReached, write.Type, write.Id ?? "", null))],
        new Failure(FailureKind.Busy, IssueCode.Transient, text));
}
