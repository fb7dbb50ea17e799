using AtcFhir.R4.Outcomes;
using AtcFhir.Store;
using AtcFhir.Store.Side;
using AtcFhir.Sync.Border;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Keys;
using AtcFhir.Sync.Ledger;
using AtcFhir.Sync.Reports;

namespace AtcFhir.Sync;

/// <summary>What the steps of one pass share.</summary>
internal sealed class PassContext(
    IResourceStore store, KeyStore keys, Crossing crossing, HospitalClient client, HospitalProfile profile, Lease lease, SyncOptions options, TimeProvider time)
{
    private Dictionary<string, string>? pushedBySurrogate;

    public string Hospital => client.Name;

    public IResourceStore Store => store;

    public KeyStore Keys => keys;

    public Crossing Crossing => crossing;

    public HospitalClient Client => client;

    /// <summary>What is known about the server; a pass may learn more.</summary>
    public HospitalProfile Profile { get; set; } = profile;

    public SyncOptions Options => options;

    public Tally Tally { get; } = new();

    /// <summary>What of the trial is at this hospital: "ResearchStudy/x" -> its surrogate, and what it is called there.</summary>
    public Dictionary<string, (string Surrogate, string Remote)> Pushed { get; } = new(StringComparer.Ordinal);

    public string RequestId { get; } = keys.Ring.NewId();

    public DateTimeOffset Now => time.GetUtcNow();

    public TimeSpan SweepInterval => TimeSpan.FromHours(options.SweepHours);

    /// <summary>
    /// How far to look back behind a cursor. It has to cover what may become visible late: a transaction of 120 s that got its time at its
    /// start, clocks of a cluster that differ by 2 s, a search cache of 60 s, an index that lags by as much; twice, and never less than ten minutes.
    /// </summary>
    public TimeSpan Overlap => client.Options.OverlapSeconds is { } configured
        ? TimeSpan.FromSeconds(configured)
        : TimeSpan.FromSeconds(Math.Max(600, 2 * (120 + 2 + 60 + 60)));

    public SideStatement Fence() => lease.Fence(Now);

    public Origin OriginOf(EnrolmentRow lane, string stream) => new(
        Hospital, lane, stream, options.IdentifierSystem,
        new AuditEntry("sync:" + Hospital, "pull", RequestId, Patient: lane.PatientId, Hospital: Hospital))
    {
        HasOrderedVersions = Profile.Versions == VersionForm.Integer,
        Pushed = pushedBySurrogate ??= Pushed.ToDictionary(pushed => pushed.Value.Surrogate, pushed => pushed.Key, StringComparer.Ordinal),
    };

    /// <summary>Takes a page in, in one transaction, and counts what came of it.</summary>
    public async Task<HospitalFault?> TakeAsync(EnrolmentRow lane, string stream, IReadOnlyList<Envelope> envelopes, CancellationToken cancel)
    {
        if (envelopes.Count == 0)
        {
            return null;
        }

        var taken = await crossing.TakeAsync(OriginOf(lane, stream), envelopes, () => [Fence()], cancel).ConfigureAwait(false);
        if (!taken.TryGet(out var results, out var failure))
        {
            return FaultOf(failure);
        }

        foreach (var result in results)
        {
            Tally.Add(result);
        }

        return null;
    }

    /// <summary>Commits statements of the ledger, behind the fence.</summary>
    public async Task<HospitalFault?> CommitAsync(IReadOnlyList<SideStatement> statements, CancellationToken cancel)
    {
        var commit = await store.Commit(new WriteBatch([], null) { Statements = [Fence(), .. statements] }, cancel).ConfigureAwait(false);
        return commit.Committed ? null : FaultOf(commit.Failure!);
    }

    public static HospitalFault FaultOf(Failure failure) => failure.Kind switch
    {
        FailureKind.Busy => new(HospitalFaultKind.Busy, "the store is busy; nothing was stored of this step"),
        FailureKind.Conflict => new(HospitalFaultKind.Busy, "another process works on this hospital or patient; nothing was stored of this step"),
        _ => new(HospitalFaultKind.NotUsable, "the store refused this step: " + failure.Issues[0].Text),
    };
}
