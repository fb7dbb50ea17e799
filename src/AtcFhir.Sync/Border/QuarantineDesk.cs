using AtcFhir.R4.Outcomes;

namespace AtcFhir.Sync.Border;

/// <summary>One hospital resource in quarantine: in scope, but not valid. Its raw body lies sealed in the key store.</summary>
/// <param name="Id">Also the id of its Task on the trial side.</param>
/// <param name="PatientId">The pseudonymous Patient.</param>
/// <param name="Outcome">The OperationOutcome, JSON.</param>
public sealed record QuarantinedResource(string Id, string Hospital, string PatientId, string ResourceType, string Concept, DateTimeOffset Since, int Attempts, byte[] Outcome);

/// <summary>Where a person sees what is in quarantine and lets it try again.</summary>
public sealed class QuarantineDesk
{
    internal QuarantineDesk() { }

    public Task<IReadOnlyList<QuarantinedResource>> ListAsync(string? hospital, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Takes the resource through the border again, as if it came now; what became of it.</summary>
    public Task<Result<CrossingResult>> ReplayAsync(string id, string actor, CancellationToken cancel) => throw new NotImplementedException();
}
