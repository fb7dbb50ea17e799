using AtcFhir.Sync.Border;

namespace AtcFhir.Sync.Reports;

/// <summary>The counters of a running pass.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, int> skipped = new(StringComparer.Ordinal);
    private readonly List<SyncFault> faults = [];

    public int Enrolled { get; set; }

    public int Pulled { get; private set; }

    public int Mapped { get; private set; }

    public int Unchanged { get; private set; }

    public int Quarantined { get; private set; }

    public int Withheld { get; private set; }

    public int Removed { get; set; }

    public int Pushed { get; set; }

    public int PushUnchanged { get; set; }

    public int Merged { get; set; }

    public int Conflicts { get; set; }

    public IReadOnlyList<SyncFault> Faults => faults;

    public void Add(CrossingResult result)
    {
        Pulled++;
        switch (result.Kind)
        {
            case CrossingKind.Created or CrossingKind.Updated:
                Mapped++;
                break;
            case CrossingKind.Quarantined:
                Quarantined += result.IsKnown ? 0 : 1;
                Unchanged += result.IsKnown ? 1 : 0;
                break;
            case CrossingKind.OutOfScope:
                skipped[result.Counted ?? "unknown"] = skipped.GetValueOrDefault(result.Counted ?? "unknown") + 1;
                break;
            case CrossingKind.NoConsent or CrossingKind.NotEnrolled:
                Withheld++;
                break;
            default:
                Unchanged++;
                break;
        }
    }

    public void Fault(string where, string what, bool stops = false) => faults.Add(new SyncFault(where, what, stops));

    public SyncReport ToReport(string hospital, DateTimeOffset started, DateTimeOffset ended) => new(
        hospital, started, ended, Enrolled, Pulled, Mapped, Unchanged, Quarantined, Withheld, Removed, Pushed, PushUnchanged, Merged, Conflicts,
        new Dictionary<string, int>(skipped, StringComparer.Ordinal), [.. faults]);
}
