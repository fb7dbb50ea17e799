using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Search;

namespace AtcFhir.Store.Writing;

/// <summary>Finds the resource of a given condition, inside the writer's transaction.</summary>
/// <returns>At most <paramref name="limit"/> matches, or why they cannot be found.</returns>
internal delegate Result<StoredResource[]> ConditionSearch(SearchQuery query, int limit);

/// <summary>Which resource a write is about.</summary>
/// <param name="Ends">Set when the condition settles the write: nothing is to be written.</param>
internal sealed record Target(string Id, WriteResult? Ends = null, Failure? Failure = null, WriteOutcome FailedOutcome = WriteOutcome.PreconditionFailed)
{
    public static Target Of(ResourceWrite write, ConditionSearch search)
    {
        if (write.Condition is null)
        {
            return new Target(write.Id ?? write.Resource?.Id ?? throw new ArgumentException($"A {write.Kind} of {write.Type} names no id and no condition."));
        }

        if (!search(write.Condition, 2).TryGet(out var matches, out var failure))
        {
            return new Target("", Failure: failure);
        }

        if (matches.Length > 1)
        {
            return new Target(
                "",
                Failure: new Failure(FailureKind.Precondition, IssueCode.MultipleMatches, $"The condition on {write.Type} matches more than one resource."),
                FailedOutcome: WriteOutcome.MultipleMatches);
        }

        var target = matches.Length == 1 ? Matched(write, matches[0]) : Unmatched(write);
        return write.MustResolveTo is { } expected && target.Failure is null && target.Id != expected
            ? Conflict(target.Id, $"Another request changed what the condition on {write.Type} matches; send it again.")
            : target;
    }

    private static Target Matched(ResourceWrite write, StoredResource match)
    {
        if (write.Kind == WriteKind.Create)
        {
            return new Target(match.Id, Ends: new WriteResult(WriteOutcome.Matched, write.Type, match.Id, match));
        }

        return write.Id is { } id && id != match.Id
            ? Conflict(match.Id, $"The condition matches another {write.Type} than the id that is given.")
            : new Target(match.Id);
    }

    private static Target Unmatched(ResourceWrite write) => write.Kind == WriteKind.Delete
        ? new Target("", Ends: new WriteResult(WriteOutcome.NotFound, write.Type, "", null))
        : new Target(write.Id ?? write.Resource!.Id);

    private static Target Conflict(string id, string text)
        => new(id, Failure: new Failure(FailureKind.Conflict, IssueCode.Conflict, text), FailedOutcome: WriteOutcome.Conflict);
}
