using AtcFhir.R4.Outcomes;
using AtcFhir.Store;

namespace AtcFhir.Tests.Store;

/// <summary>A patient as the model knows it: the identifier that conditions and searches look for, and one more fact.</summary>
internal sealed record ModelContent(int Identifier, bool Active);

/// <summary>A write of the model; conditions are "identifier = that of the content".</summary>
/// <param name="Id">Of the target; for conditional writes the id that a new resource gets.</param>
/// <param name="Versions">How many versions behind the current one If-Match is; null without If-Match.</param>
internal sealed record ModelWrite(WriteKind Kind, string Id, ModelContent Content, bool IsConditional, string? IfMatch, bool IfNoneMatch, bool SkipUnchanged);

/// <summary>
/// What a store is, in the plainest words: lists of versions in a dictionary. It is the judge of both engines.
/// </summary>
internal sealed class ReferenceStore
{
    private Dictionary<string, List<ModelContent?>> versions = [];

    public IEnumerable<string> Ids => versions.Keys;

    /// <summary>All versions of a resource, oldest first; null is a deletion.</summary>
    public IReadOnlyList<ModelContent?> History(string id) => versions.GetValueOrDefault(id) ?? [];

    public ModelContent? Current(string id) => versions.GetValueOrDefault(id)?[^1];

    public IEnumerable<string> Search(Func<ModelContent, bool> condition) => versions.Where(pair => pair.Value[^1] is { } content && condition(content)).Select(pair => pair.Key);

    /// <summary>All of the writes, or none: the outcomes that a store must give, and the kind of failure.</summary>
    public (List<WriteOutcome> Outcomes, List<string> Ids, FailureKind? Failure) Apply(IReadOnlyList<ModelWrite> writes)
    {
        var before = versions.ToDictionary(pair => pair.Key, pair => pair.Value.ToList());
        var (outcomes, ids, touched) = (new List<WriteOutcome>(), new List<string>(), new HashSet<string>());
        foreach (var write in writes)
        {
            var (outcome, id, failure) = Apply(write, touched);
            outcomes.Add(outcome);
            ids.Add(id);
            if (failure is not null)
            {
                versions = before;
                outcomes.AddRange(Enumerable.Repeat(WriteOutcome.NotReached, writes.Count - outcomes.Count));
                return (outcomes, ids, failure);
            }
        }

        return (outcomes, ids, null);
    }

    private (WriteOutcome Outcome, string Id, FailureKind? Failure) Apply(ModelWrite write, HashSet<string> touched)
    {
        var id = write.Id;
        if (write.IsConditional)
        {
            var matches = Search(content => content.Identifier == write.Content.Identifier).ToList();
            if (matches.Count > 1)
            {
                return (WriteOutcome.MultipleMatches, "", FailureKind.Precondition);
            }

            if (matches.Count == 1 && write.Kind == WriteKind.Create)
            {
                return (WriteOutcome.Matched, matches[0], null);
            }

            if (matches.Count == 0 && write.Kind == WriteKind.Delete)
            {
                return (WriteOutcome.NotFound, "", null);
            }

            id = matches.Count == 1 ? matches[0] : id;
        }

        if (!touched.Add(id))
        {
            return (WriteOutcome.Conflict, id, FailureKind.Conflict);
        }

        var known = versions.GetValueOrDefault(id);
        if ((write.IfNoneMatch && known?[^1] is not null) || (write.IfMatch is { } version && version != known?.Count.ToString(CultureInfo.InvariantCulture)))
        {
            return (WriteOutcome.PreconditionFailed, id, FailureKind.Precondition);
        }

        return write.Kind switch
        {
            WriteKind.Create when known is not null => (WriteOutcome.Conflict, id, FailureKind.Conflict),
            WriteKind.Delete when known is null => (WriteOutcome.NotFound, id, null),
            WriteKind.Delete when known[^1] is null => (WriteOutcome.Gone, id, null),
            WriteKind.Delete => (Put(id, null, WriteOutcome.Deleted), id, null),
            _ when write.SkipUnchanged && known?[^1] == write.Content => (WriteOutcome.Unchanged, id, null),
            _ => (Put(id, write.Content, known?[^1] is null ? WriteOutcome.Created : WriteOutcome.Updated), id, null),
        };
    }

    private WriteOutcome Put(string id, ModelContent? content, WriteOutcome outcome)
    {
        if (!versions.TryGetValue(id, out var known))
        {
            versions[id] = known = [];
        }

        known.Add(content);
        return outcome;
    }
}
