using AtcFhir.R4.Outcomes;

namespace AtcFhir.Store;

public enum WriteOutcome
{
    /// <summary>Version 1, or the first version after a deletion.</summary>
    Created,
    Updated,
    /// <summary>The content was the same; the current version stands.</summary>
    Unchanged,
    Deleted,
    /// <summary>If-None-Exist found this resource; nothing was written.</summary>
    Matched,
    /// <summary>A delete of what never was.</summary>
    NotFound,
    /// <summary>A delete of what is deleted already.</summary>
    Gone,
    /// <summary>If-Match or If-None-Match does not hold.</summary>
    PreconditionFailed,
    /// <summary>The condition matches more than one resource.</summary>
    MultipleMatches,
    /// <summary>A create with an id that exists, a condition that leads elsewhere, or two writes on one resource in one batch.</summary>
    Conflict,
    /// <summary>The batch ended before this write was looked at.</summary>
    NotReached,
}

/// <summary>What became of one <see cref="ResourceWrite"/>.</summary>
/// <param name="Id">Empty when no resource is meant, such as a conditional delete without a match.</param>
/// <param name="Resource">The version that stands now; null when there is none, or when the write failed.</param>
public sealed record WriteResult(WriteOutcome Outcome, string Type, string Id, StoredResource? Resource)
{
    public bool Failed => Outcome >= WriteOutcome.PreconditionFailed;
}

/// <summary>What became of a <see cref="WriteBatch"/>. With a failure nothing of it was written.</summary>
/// <param name="Writes">One a write, in order.</param>
/// <param name="Failure">
/// Precondition: a condition of a write does not hold. Conflict: see <see cref="WriteOutcome.Conflict"/>, or a statement met another number of rows than it expects.
/// Busy: the database is locked, full or closed; the batch may be tried again.
/// </param>
/// <param name="FailedStatement">Index of the statement that failed; followups count on behind the statements.</param>
public sealed record CommitResult(IReadOnlyList<WriteResult> Writes, Failure? Failure = null, int? FailedStatement = null)
{
    public bool Committed => Failure is null;
}
