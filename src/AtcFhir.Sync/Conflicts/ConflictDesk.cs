using System.Text;
using System.Text.Json;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store;
using AtcFhir.Store.Side;
using AtcFhir.Sync.Border;
using AtcFhir.Sync.Keys;
using AtcFhir.Sync.Ledger;
using AtcFhir.Sync.Planning;
using AtcFhir.Sync.Push;

namespace AtcFhir.Sync.Conflicts;

/// <summary>
/// Where a person sees what waits for a decision, and decides. A decision about a conflict is noted and carried out by the next pass, which holds the
/// hospital's lease and looks first whether the hospital's version is still the one that was decided about.
/// </summary>
public sealed class ConflictDesk
{
    private readonly IResourceStore store;
    private readonly KeyStore keys;
    private readonly Crossing crossing;
    private readonly TimeProvider time;

    internal ConflictDesk(IResourceStore store, KeyStore keys, Crossing crossing, TimeProvider time) => (this.store, this.keys, this.crossing, this.time) = (store, keys, crossing, time);

    /// <param name="hospital">Null lists all hospitals.</param>
    public async Task<IReadOnlyList<OpenDecision>> ListAsync(string? hospital, CancellationToken cancel)
    {
        var list = new List<OpenDecision>();
        foreach (var row in await QueryAsync("SELECT name FROM sync_hospital WHERE state = 'suspect' AND ($1 IS NULL OR name = $1) ORDER BY name", hospital, cancel).ConfigureAwait(false))
        {
            list.Add(new OpenDecision(OpenKind.Suspect, row.Text(0), "hospital", null, [], null, "The hospital shows an older history than before, as after the restore of a backup. Nothing is sent there.", null));
        }

        foreach (var lane in (await store.EnrolmentsAsync(hospital, cancel).ConfigureAwait(false)).Where(lane => lane.Frozen is not null))
        {
            list.Add(new OpenDecision(OpenKind.Frozen, lane.Hospital, "Patient/" + lane.PatientId, lane.PatientId, [], null, $"Subject {lane.SubjectNumber}: {lane.Frozen}. Nothing is read or sent for the subject.", null));
        }

        const string Delivered = """
            SELECT b.hospital, b.local_type, b.local_id, b.state, b.at, c.paths, c.decision FROM sync_base b
            LEFT JOIN sync_conflict c ON c.hospital = b.hospital AND c.local_type = b.local_type AND c.local_id = b.local_id
            WHERE b.state IN ('Conflict', 'Lost') AND ($1 IS NULL OR b.hospital = $1) ORDER BY b.hospital, b.local_type, b.local_id
            """;
        foreach (var row in await QueryAsync(Delivered, hospital, cancel).ConfigureAwait(false))
        {
            var isLost = row.Text(3) == nameof(BaseState.Lost);
            list.Add(new OpenDecision(
                isLost ? OpenKind.Lost : OpenKind.Conflict, row.Text(0), row.Text(1) + "/" + row.Text(2), await PatientOfAsync(row.Text(1), row.Text(2), cancel).ConfigureAwait(false),
                row.TextOrNull(5)?.Split(", ") ?? [], row.Time(4), isLost ? "It was delivered and is not at the hospital any more." : "Trial and hospital changed the same elements.",
                row.TextOrNull(6) switch { ConflictRow.ForTrial => Side.Trial, ConflictRow.ForHospital => Side.Hospital, _ => null }));
        }

        foreach (var row in await QueryAsync("SELECT hospital, local_type, local_id, made, note FROM sync_intent WHERE state = 'Parked' AND ($1 IS NULL OR hospital = $1) ORDER BY hospital, local_type, local_id", hospital, cancel).ConfigureAwait(false))
        {
            list.Add(new OpenDecision(OpenKind.Refused, row.Text(0), row.Text(1) + "/" + row.Text(2), await PatientOfAsync(row.Text(1), row.Text(2), cancel).ConfigureAwait(false), [], row.Time(3), "The hospital refused it: " + (row.TextOrNull(4) ?? "no reason known") + ".", null));
        }

        return list;
    }

    /// <summary>The elements of a conflict in their three versions; empty when there is no conflict about the resource.</summary>
    public async Task<IReadOnlyList<ElementVersions>> CompareAsync(string hospital, string reference, CancellationToken cancel)
    {
        var (type, id) = Split(reference);
        if (await store.ConflictAsync(hospital, type, id, cancel).ConfigureAwait(false) is not { } conflict || await store.BaseAsync(hospital, type, id, cancel).ConfigureAwait(false) is not { } agreed)
        {
            return [];
        }

        var purpose = Delivery.SealPurpose(type, id);
        var (sent, before, remote) = (keys.Ring.Open(agreed.SealedLocal, purpose), keys.Ring.Open(agreed.SealedRemote, purpose), keys.Ring.Open(conflict.SealedRemote, purpose));
        var local = await store.Read(type, id, cancel).ConfigureAwait(false) is { IsDeleted: false } stored ? stored.Body : Encoding.UTF8.GetBytes("{}");
        using var theirs = JsonDocument.Parse(HospitalEdit.InOurSpelling(remote, sent, before, sent));
        using var then = JsonDocument.Parse(sent);
        using var ours = JsonDocument.Parse(local);
        return [.. then.RootElement.EnumerateObject().Concat(ours.RootElement.EnumerateObject()).Concat(theirs.RootElement.EnumerateObject()).Select(property => property.Name).Distinct(StringComparer.Ordinal)
            .Where(conflict.IsAbout)
            .Select(name => new ElementVersions(type + "." + name, Text(then, name), Text(ours, name), Text(theirs, name)))];
    }

    /// <summary>Decides whose version stands; of a frozen patient or a suspect hospital ("hospital"), that a person has looked and work goes on.</summary>
    /// <returns>What happens now, in a sentence.</returns>
    public async Task<Result<string>> ResolveAsync(string hospital, string reference, Side side, string actor, CancellationToken cancel)
    {
        if (reference == "hospital")
        {
            return await CommitAsync(hospital, reference, null, actor, "A person has looked at the hospital: it is read as a whole again and written to.", LedgerWrites.Trust(hospital), cancel).ConfigureAwait(false);
        }

        var (type, id) = Split(reference);
        if (type == "Patient")
        {
            return await store.EnrolmentOfAsync(id, cancel).ConfigureAwait(false) is { Frozen: not null } lane && lane.Hospital == hospital
                ? await CommitAsync(hospital, reference, id, actor, "A person has looked at the merge of the patient's record: reading and sending go on with the record as it is.", [LedgerWrites.Unfreeze(lane.Surrogate)], cancel).ConfigureAwait(false)
                : Nothing(reference);
        }

        var patient = await PatientOfAsync(type, id, cancel).ConfigureAwait(false);
        var agreed = await store.BaseAsync(hospital, type, id, cancel).ConfigureAwait(false);
        return (agreed?.State, side) switch
        {
            (BaseState.Conflict, Side.Trial) => await DecideAsync("The trial's version stands; the next pass writes it to the hospital.", LedgerWrites.Decide(hospital, type, id, ConflictRow.ForTrial)).ConfigureAwait(false),
            (BaseState.Conflict, Side.Hospital) => await DecideAsync("The hospital's version stands; the next pass takes it over.", LedgerWrites.Decide(hospital, type, id, ConflictRow.ForHospital)).ConfigureAwait(false),
            (BaseState.Lost, Side.Trial) => await DecideAsync("The next pass delivers it anew.", LedgerWrites.DeliverAnew(hospital, type, id)).ConfigureAwait(false),
            (BaseState.Lost, Side.Hospital) => await DecideAsync("It stays away from the hospital until the trial changes it.", LedgerWrites.LeaveAway(hospital, type, id)).ConfigureAwait(false),
            (_, Side.Trial) when await store.OpenIntentAsync(hospital, type, id, cancel).ConfigureAwait(false) is { State: IntentState.Parked }
                => await DecideAsync("The next pass sends it once more.", LedgerWrites.TryAgain(hospital, type, id)).ConfigureAwait(false),
            _ => Nothing(reference),
        };

        Task<Result<string>> DecideAsync(string text, SideStatement statement) => CommitAsync(hospital, reference, patient, actor, text, [statement], cancel);
    }

    /// <summary>A person has written what both sides are to say: it becomes the trial's record, and the next pass writes it to the hospital.</summary>
    public async Task<Result<string>> MergeAsync(string hospital, string reference, ReadOnlyMemory<byte> merged, string actor, CancellationToken cancel)
    {
        var (type, id) = Split(reference);
        if (await store.BaseAsync(hospital, type, id, cancel).ConfigureAwait(false) is not { State: BaseState.Conflict })
        {
            return Nothing(reference);
        }

        if (!ResourceDocument.Parse(merged).TryGet(out var document, out var failure))
        {
            return failure;
        }

        if (document.ResourceType != type || document.Id != id)
        {
            return new Failure(FailureKind.Malformed, IssueCode.Invalid, $"The merged resource has to be {reference}.");
        }

        return crossing.Check([document.WithIdentity(null, null, null).Utf8.ToArray()], []).TryGet(out var resources, out failure)
            ? await CommitAsync(hospital, reference, await PatientOfAsync(type, id, cancel).ConfigureAwait(false), actor, "The merged version is the trial's now; the next pass writes it to the hospital.",
                [LedgerWrites.Decide(hospital, type, id, ConflictRow.ForTrial)], cancel, resources[0]).ConfigureAwait(false)
            : failure;
    }

    /// <summary>The decision, the Task that asked for it, and what else is written, in one transaction with its audit rows.</summary>
    private async Task<Result<string>> CommitAsync(string hospital, string reference, string? patient, string actor, string text, IReadOnlyList<SideStatement> statements, CancellationToken cancel, ResourceDocument? merged = null)
    {
        var taskId = DeliveryTask.IdOf(keys.Ring, hospital, reference);
        var task = DeliveryTask.Completed(taskId, reference == "hospital" ? null : reference, patient, hospital, text, time.GetUtcNow());
        var writes = new[] { merged, task }.OfType<ResourceDocument>().Select(document => ResourceWrite.Update(store.Prepare(document, document.Id!), document.Id!) with { SkipUnchanged = document != task });
        var commit = await store.Commit(WriteBatch.Of(new AuditEntry(actor, "resolve", keys.Ring.NewId(), Patient: patient, Hospital: hospital), [.. writes]) with { Statements = statements }, cancel).ConfigureAwait(false);
        return commit.Committed ? text : commit.Failure!.Kind == FailureKind.Conflict ? Nothing(reference) : commit.Failure;
    }

    private async Task<string?> PatientOfAsync(string type, string id, CancellationToken cancel)
        => await store.Read(type, id, cancel).ConfigureAwait(false) is { IsDeleted: false } stored && ResourceDocument.Parse(stored.Body).TryGet(out var document, out _)
            && HospitalReference.SubjectOf(document).Child("reference").Text is { } reference && reference.StartsWith("Patient/", StringComparison.Ordinal)
            ? reference["Patient/".Length..]
            : null;

    private ValueTask<IReadOnlyList<SideRow>> QueryAsync(string sql, string? hospital, CancellationToken cancel) => store.Query(SideQuery.Of(sql, hospital), cancel);

    private static Failure Nothing(string reference) => new(FailureKind.NotFound, IssueCode.NotFound, $"Nothing about {reference} waits for that decision at this hospital.");

    private static (string Type, string Id) Split(string reference)
        => reference.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? (reference[..slash], reference[(slash + 1)..]) : (reference, "");

    private static string? Text(JsonDocument document, string name) => document.RootElement.TryGetProperty(name, out var value) ? value.GetRawText() : null;
}
