namespace AtcFhir.Store;

/// <summary>What an operator asks of a store on a file: is it sound, and a copy of it, while it is in use.</summary>
public interface IStoreMaintenance
{
    /// <summary>
    /// Reads everything and derives it again: each index row from its resource's body, each body's hash, the counts, the audit chain.
    /// </summary>
    ValueTask<StoreReport> Check(CancellationToken cancel);

    /// <summary>A copy of the whole database as it is at one moment, as a new file.</summary>
    ValueTask Backup(string file, CancellationToken cancel);
}

/// <summary>What a check found.</summary>
/// <param name="Faults">The first hundred, in words that hold ids but nothing of a resource's content.</param>
/// <param name="FaultCount">All of them.</param>
public sealed record StoreReport(long Resources, long Versions, long IndexRows, long AuditRows, IReadOnlyList<string> Faults, long FaultCount);
