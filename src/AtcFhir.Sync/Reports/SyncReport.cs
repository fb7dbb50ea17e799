namespace AtcFhir.Sync.Reports;

/// <summary>What one pass over one hospital did. Only committed work is counted.</summary>
/// <param name="Pulled">Hospital resources read and looked at.</param>
/// <param name="Mapped">Of these, taken over into trial resources (new or changed).</param>
/// <param name="Unchanged">Of these, already known in this version.</param>
/// <param name="Quarantined">Of these, in scope but not valid.</param>
/// <param name="Pushed">Trial resources written to the hospital.</param>
/// <param name="Merged">Delivered resources that the hospital had edited: the trial took the edit over.</param>
/// <param name="Conflicts">Delivered resources whose edits at the hospital a person has to decide about.</param>
/// <param name="Skipped">Codes outside the catalogue, "system|code", and how often they were seen.</param>
/// <param name="Faults">What went wrong, in words without patient data; the work it concerns is repeated by the next pass.</param>
public sealed record SyncReport(
    string Hospital,
    DateTimeOffset Started,
    DateTimeOffset Ended,
    int Enrolled,
    int Pulled,
    int Mapped,
    int Unchanged,
    int Quarantined,
    int Withheld,
    int Removed,
    int Pushed,
    int PushUnchanged,
    int Merged,
    int Conflicts,
    IReadOnlyDictionary<string, int> Skipped,
    IReadOnlyList<SyncFault> Faults)
{
    public bool Succeeded => Faults.Count == 0;
}

/// <summary>One thing that went wrong in a pass.</summary>
/// <param name="Where">The stream or resource on the trial's side: "Observation of Patient/x7f…", "ResearchSubject/12".</param>
/// <param name="What">One sentence for a person.</param>
/// <param name="Stops">True when the rest of the pass over this hospital was given up.</param>
public sealed record SyncFault(string Where, string What, bool Stops = false);
