using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store;
using AtcFhir.Store.Records;
using AtcFhir.Store.Search;
using AtcFhir.Store.Side;

namespace AtcFhir.Tests.Sync;

/// <summary>The end of the process, as an exception that nobody catches.</summary>
internal sealed class Crash : Exception
{
    public Crash() : base("crash") { }
}

internal enum CrashPoint
{
    BeforeCommit,
    AfterCommit,
    BeforeRequest,
    AfterRequest,
}

/// <summary>When to crash: at the nth passing of a point. After it everything crashes until the plan is cleared, as after the end of a process.</summary>
internal sealed class CrashPlan
{
    private (CrashPoint Point, int Count)? next;
    private bool isDead;

    public Dictionary<CrashPoint, int> Passed { get; } = [];

    public void At(CrashPoint point, int count)
    {
        Passed.Clear();
        next = (point, count);
        isDead = false;
    }

    public void Clear() => (next, isDead) = (null, false);

    public void Pass(CrashPoint point)
    {
        Passed[point] = Passed.GetValueOrDefault(point) + 1;
        isDead |= next is { } plan && plan.Point == point && plan.Count == Passed[point];
        if (isDead)
        {
            throw new Crash();
        }
    }
}

/// <summary>A store whose process may end around a commit.</summary>
internal sealed class CrashingStore(IResourceStore inner, CrashPlan plan) : IResourceStore
{
    public SearchParameterRegistry SearchParameters => inner.SearchParameters;

    public IReadOnlyList<CustomSearchParameter> CustomParameters => inner.CustomParameters;

    public ValueTask Declare(IReadOnlyList<CustomSearchParameter> parameters, CancellationToken cancel) => inner.Declare(parameters, cancel);

    public PreparedResource Prepare(ResourceDocument document, string? id = null) => inner.Prepare(document, id);

    public string NewId() => inner.NewId();

    public async ValueTask<CommitResult> Commit(WriteBatch batch, CancellationToken cancel)
    {
        plan.Pass(CrashPoint.BeforeCommit);
        var result = await inner.Commit(batch, cancel);
        plan.Pass(CrashPoint.AfterCommit);
        return result;
    }

    public ValueTask<StoredResource?> Read(string type, string id, CancellationToken cancel) => inner.Read(type, id, cancel);

    public ValueTask<StoredResource?> ReadVersion(string type, string id, string versionId, CancellationToken cancel) => inner.ReadVersion(type, id, versionId, cancel);

    public ValueTask<Result<SearchPage>> Search(SearchQuery query, CancellationToken cancel) => inner.Search(query, cancel);

    public ValueTask<Result<bool>> Matches(SearchQuery query, StoredResource version, CancellationToken cancel) => inner.Matches(query, version, cancel);

    public ValueTask<Result<long>> Count(SearchQuery query, CancellationToken cancel) => inner.Count(query, cancel);

    public ValueTask<Result<HistoryPage>> History(HistoryQuery query, CancellationToken cancel) => inner.History(query, cancel);

    public ValueTask<IReadOnlyList<StoredResource>> Changes(long afterSeq, ChangeFilter filter, int limit, CancellationToken cancel) => inner.Changes(afterSeq, filter, limit, cancel);

    public ValueTask<long> LastSeq(CancellationToken cancel) => inner.LastSeq(cancel);

    public ValueTask<Failure?> Probe(CancellationToken cancel) => inner.Probe(cancel);

    public ValueTask<Result<IReadOnlyList<StoredResource>>> Labelled(string? type, CancellationToken cancel) => inner.Labelled(type, cancel);

    public ValueTask<IReadOnlyDictionary<string, long>> Statistics(CancellationToken cancel) => inner.Statistics(cancel);

    public ValueTask<IReadOnlyDictionary<string, long>> RecordCounts(CancellationToken cancel) => inner.RecordCounts(cancel);

    public ValueTask<RecordPage> Records(RecordQuery query, CancellationToken cancel) => inner.Records(query, cancel);

    public ValueTask<IReadOnlyList<AuditRow>> Audit(AuditQuery query, CancellationToken cancel) => inner.Audit(query, cancel);

    public ValueTask<IReadOnlyList<SideRow>> Query(SideQuery query, CancellationToken cancel) => inner.Query(query, cancel);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
