using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store;
using AtcFhir.Store.Side;
using AtcFhir.Sync.Ledger;

namespace AtcFhir.Sync.Border;

/// <summary>Where resources come from, and on whose behalf.</summary>
/// <param name="Lane">Of a pull: the patient whose data was asked for. Null at the intake, where each resource says whose it is.</param>
/// <param name="Stream">Of a pull: the stream; null gives the resource type.</param>
/// <param name="OwnIdentifierSystem">The identifier system of this installation.</param>
/// <param name="IsReplay">Look again even at what was looked at in this version.</param>
internal sealed record Origin(
    string Hospital,
    EnrolmentRow? Lane,
    string? Stream,
    string OwnIdentifierSystem,
    AuditEntry Audit,
    bool IsReplay = false)
{
    /// <summary>Surrogates of what the trial pushed to this hospital, and what it is here.</summary>
    public IReadOnlyDictionary<string, string> Pushed { get; init; } = new Dictionary<string, string>();

    /// <summary>The probe showed version ids that are numbers; of others none is older than another.</summary>
    public bool HasOrderedVersions { get; init; }

    public string StreamOf(ResourceDocument document) => Stream ?? document.ResourceType;

    /// <summary>Of a transaction: the entries by their fullUrl, by which they refer to each other.</summary>
    public IReadOnlyDictionary<string, Envelope> Entries { get; init; } = new Dictionary<string, Envelope>();
}

/// <summary>What is to become of one hospital resource: a result, and what has to be written for it.</summary>
internal sealed record Passage(CrossingKind Kind, IReadOnlyList<Issue>? Issues = null)
{
    public IReadOnlyList<SideStatement> Statements { get; init; } = [];

    /// <summary>Trial resources with their ids, the trial resource proper among them.</summary>
    public IReadOnlyList<ResourceDocument> Resources { get; init; } = [];

    public IReadOnlyList<(string Type, string Id)> Deletions { get; init; } = [];

    /// <summary>"Observation/x7f…": the trial resource proper.</summary>
    public string? Primary { get; init; }

    public string? Task { get; init; }

    public string? Counted { get; init; }

    public (string Id, ReadOnlyMemory<byte> Bytes)? Body { get; init; }

    /// <summary>The quarantined body that may be forgotten afterwards.</summary>
    public string? Released { get; init; }

    /// <summary>Nothing new: it was in this state before.</summary>
    public bool IsKnown { get; init; }

    public static Passage Nothing(CrossingKind kind, params IReadOnlyList<Issue> issues) => new(kind, issues);
}

/// <summary>All that one transaction at the border is to write.</summary>
internal sealed class CrossingPlan(Origin origin, DateTimeOffset at, IResourceStore store)
{
    private readonly List<Passage> passages = [];
    private readonly List<(int Passage, ResourceWrite Write)> writes = [];

    public Origin Origin => origin;

    public DateTimeOffset At => at;

    /// <summary>The audit entry; at the intake it names the patient when all is of one.</summary>
    public AuditEntry Audit => origin.Audit;

    /// <summary>What is to be answered when one refused resource fails the whole; null when none is refused.</summary>
    public Failure? Refusal
    {
        get
        {
            var issues = passages.SelectMany((passage, i) => passage.Kind is CrossingKind.NotEnrolled or CrossingKind.NoConsent or CrossingKind.Refused
                ? passage.Issues!.Select(issue => issue with { Expression = $"Bundle.entry[{i}].resource" }) : []).ToList();
            return issues.Count == 0 ? null : new Failure(FailureKind.Unprocessable, issues);
        }
    }

    public IReadOnlyList<ResourceWrite> Writes => [.. writes.Select(write => write.Write)];

    public IReadOnlyList<SideStatement> Statements => [.. passages.SelectMany(passage => passage.Statements).Distinct(SameStatement.Instance)];

    public IEnumerable<(string Id, ReadOnlyMemory<byte> Bytes)> Bodies => passages.Where(passage => passage.Body is not null).Select(passage => passage.Body!.Value);

    public IEnumerable<string> Released => passages.Select(passage => passage.Released).OfType<string>();

    public bool IsEmpty => writes.Count == 0 && passages.All(passage => passage.Statements.Count == 0);

    public void Add(Passage passage)
    {
        passages.Add(passage);
        foreach (var (type, id) in passage.Deletions)
        {
            writes.Add((passages.Count - 1, ResourceWrite.Delete(type, id)));
        }

        foreach (var resource in passage.Resources)
        {
            writes.Add((passages.Count - 1, ResourceWrite.Update(store.Prepare(resource, resource.Id), resource.Id) with { SkipUnchanged = true }));
        }
    }

    /// <summary>The results as they would be if nothing had to be written.</summary>
    public List<CrossingResult> Results => ResultsWith([]);

    public List<CrossingResult> ResultsWith(IReadOnlyList<WriteResult> written)
    {
        var results = new List<CrossingResult>(passages.Count);
        for (var i = 0; i < passages.Count; i++)
        {
            var passage = passages[i];
            var mine = written.Where((_, index) => writes[index].Passage == i).ToList();
            var primary = mine.FirstOrDefault(write => write.Type + "/" + write.Id == passage.Primary);
            var kind = passage.Kind == CrossingKind.Created && primary is not null
                ? primary.Outcome switch { WriteOutcome.Created => CrossingKind.Created, WriteOutcome.Unchanged => CrossingKind.Unchanged, _ => CrossingKind.Updated }
                : passage.Kind;
            var locations = passage.Primary is null ? [] : new[] { passage.Primary }.Concat(mine.Where(write => write.Type != "Task" && write.Outcome is WriteOutcome.Created or WriteOutcome.Updated).Select(write => write.Type + "/" + write.Id)).Distinct(StringComparer.Ordinal);
            results.Add(new CrossingResult(kind, [.. locations], passage.Issues ?? [], passage.Task, primary?.Resource?.VersionId) { Counted = passage.Counted, IsKnown = passage.IsKnown });
        }

        return results;
    }

    /// <summary>The consent of one patient needs to be asked once a transaction, not once a resource.</summary>
    private sealed class SameStatement : IEqualityComparer<SideStatement>
    {
        public static SameStatement Instance { get; } = new();

        public bool Equals(SideStatement? x, SideStatement? y) => x!.Sql == y!.Sql && x.Parameters.SequenceEqual(y.Parameters);

        public int GetHashCode(SideStatement statement) => HashCode.Combine(statement.Sql, statement.Parameters.Count == 0 ? null : statement.Parameters[0]);
    }
}
