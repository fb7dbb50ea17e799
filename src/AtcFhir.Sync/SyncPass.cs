using AtcFhir.Sync.Reports;

namespace AtcFhir.Sync;

/// <summary>One pass over one hospital: enrol from its group, pull every stream, push what is due. A pass may be cut short anywhere; the next one completes it.</summary>
public sealed class SyncPass
{
    internal SyncPass() { }

    /// <summary>Runs the pass. Faults are in the report; an exception is a defect.</summary>
    public Task<SyncReport> RunAsync(string hospital, CancellationToken cancel) => throw new NotImplementedException();
}
