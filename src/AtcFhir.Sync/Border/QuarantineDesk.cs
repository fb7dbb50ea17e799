using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store;
using AtcFhir.Store.Side;
using AtcFhir.Sync.Keys;
using AtcFhir.Sync.Ledger;

namespace AtcFhir.Sync.Border;

/// <summary>One hospital resource in quarantine: in scope, but not valid. Its raw body lies sealed in the key store.</summary>
/// <param name="Id">Also the id of its Task on the trial side.</param>
/// <param name="PatientId">The pseudonymous Patient.</param>
/// <param name="Concept">Id of the concept that it would be a value of.</param>
/// <param name="Outcome">The OperationOutcome, JSON.</param>
public sealed record QuarantinedResource(string Id, string Hospital, string PatientId, string ResourceType, string Concept, DateTimeOffset Since, int Attempts, byte[] Outcome);

/// <summary>Where a person sees what is in quarantine and lets it try again.</summary>
public sealed class QuarantineDesk
{
    private readonly IResourceStore store;
    private readonly KeyStore keys;
    private readonly Crossing crossing;
    private readonly SyncOptions options;

    internal QuarantineDesk(IResourceStore store, KeyStore keys, Crossing crossing, SyncOptions options) => (this.store, this.keys, this.crossing, this.options) = (store, keys, crossing, options);

    public async Task<IReadOnlyList<QuarantinedResource>> ListAsync(string? hospital, CancellationToken cancel)
    {
        var rows = await store.Query(SideQuery.Of(
            "SELECT id, hospital, patient_id, remote_type, concept, since, attempts, outcome FROM sync_quarantine WHERE ($1 IS NULL OR hospital = $1) ORDER BY since, id", hospital), cancel).ConfigureAwait(false);
        return [.. rows.Select(row => new QuarantinedResource(row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Time(5), (int)row.Long(6), row.Bytes(7)))];
    }

    /// <summary>Takes the resource through the border again, as if it came now; what became of it.</summary>
    public async Task<Result<CrossingResult>> ReplayAsync(string id, string actor, CancellationToken cancel)
    {
        var link = await store.LinkAsync(id, cancel).ConfigureAwait(false);
        if (link is not { State: LinkState.Quarantined } || keys.ReadBody(id) is not { } body)
        {
            return new Failure(FailureKind.NotFound, IssueCode.NotFound, $"Nothing with the id {id} is in quarantine.");
        }

        if (await store.EnrolmentAsync(link.Patient, cancel).ConfigureAwait(false) is not { } lane)
        {
            return new Failure(FailureKind.NotFound, IssueCode.NotFound, "The patient is not enrolled any more.");
        }

        var envelope = Envelope.Open(link.Hospital, ResourceDocument.Parse(body).Value);
        if (keys.Reveal(id) is { } key)
        {
            envelope = envelope.Known(key);
        }

        var origin = new Origin(link.Hospital, lane, link.Stream, options.IdentifierSystem, new AuditEntry(actor, "replay", keys.Ring.NewId(), Patient: lane.PatientId, Hospital: link.Hospital), IsReplay: true);
        var taken = await crossing.TakeAsync(origin, [envelope], static () => [], cancel).ConfigureAwait(false);
        return taken.TryGet(out var results, out var failure) ? results[0] : failure;
    }
}
