using AtcFhir.R4.Documents;
using AtcFhir.Store;
using AtcFhir.Store.Side;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Ledger;
using AtcFhir.Sync.Planning;

namespace AtcFhir.Sync.Push;

/// <summary>Where a delivery needs a person: what is noted, and the Task by which the person learns of it, in one transaction.</summary>
internal sealed partial class Delivery
{
    /// <summary>The hospital refused the content: sending it again would not help, so a person gets it.</summary>
    private async Task<HospitalFault?> ParkAsync(string key, string why, ResourceDocument? outcome, CancellationToken cancel)
    {
        _ = outcome; // Its texts may quote the patient; the Task says what happened without them.
        return await TaskAsync("The hospital refused this resource: " + why + ".", [LedgerWrites.Settle(key, IntentState.Parked, why, pass.Now)], cancel).ConfigureAwait(false)
            ?? new(HospitalFaultKind.Refused, why);
    }

    private async Task<HospitalFault?> NotServedAsync(string key, CancellationToken cancel)
    {
        pass.Profile = pass.Profile.WithCreate(remoteType, false);
        return await pass.CommitAsync([LedgerWrites.Settle(key, IntentState.Done, "the hospital serves no create of this type", pass.Now)], cancel).ConfigureAwait(false)
            ?? (outgoing.Lane is null ? null : await AskPersonAsync("The hospital lets nobody create this type of resource.", null, cancel).ConfigureAwait(false));
    }

    private Task<HospitalFault?> LostAsync(BaseRow agreed, string? key, CancellationToken cancel)
        => TaskAsync("This resource was delivered to the hospital and is not there any more. Was the hospital's server restored from a backup, or was it deleted there?",
            [LedgerWrites.Put(agreed with { State = BaseState.Lost }, pass.Now), .. key is null ? [] : new[] { LedgerWrites.Settle(key, IntentState.Done, "not there any more", pass.Now) }], cancel);

    private Task<HospitalFault?> ConflictAsync(BaseRow agreed, ResourceDocument remote, string? etag, string key, IReadOnlyList<string> paths, CancellationToken cancel)
    {
        pass.Tally.Conflicts++;
        var path = paths.Count == 0 ? outgoing.Type : string.Join(", ", paths);
        return TaskAsync($"Somebody changed this resource at the hospital ({path}). It is not overwritten until a person has decided.",
            [
                LedgerWrites.Conflict(agreed, path, Seal(remote.Utf8.Span), etag, pass.Now),
                LedgerWrites.Put(agreed with { State = BaseState.Conflict, Noticed = false }, pass.Now),
                LedgerWrites.Settle(key, IntentState.Done, "conflict", pass.Now),
            ], cancel);
    }

    /// <summary>Delivery by a person: a Task on the trial's side. It counts as this hospital's state of the resource.</summary>
    public Task<HospitalFault?> AskPersonAsync(string why, string? surrogate, CancellationToken cancel)
    {
        var row = new BaseRow(pass.Hospital, outgoing.Type, outgoing.Id, surrogate ?? TaskId, null, hash, "worklist", Seal(body), Seal([]), BaseState.Worklist);
        return TaskAsync(why + " Please enter it there by hand.", [LedgerWrites.Put(row, pass.Now)], cancel);
    }

    private async Task<HospitalFault?> TaskAsync(string text, IReadOnlyList<SideStatement> statements, CancellationToken cancel)
    {
        var task = DeliveryTask.Requested(TaskId, outgoing.Reference, outgoing.Lane?.PatientId, pass.Hospital, text, pass.Now);
        var audit = new AuditEntry("sync:" + pass.Hospital, "push", pass.RequestId, Patient: outgoing.Lane?.PatientId, Hospital: pass.Hospital);
        var commit = await pass.Store.Commit(WriteBatch.Of(audit, ResourceWrite.Update(pass.Store.Prepare(task, TaskId), TaskId)) with { Statements = [pass.Fence(), .. statements] }, cancel).ConfigureAwait(false);
        return commit.Committed ? null : PassContext.FaultOf(commit.Failure!);
    }

    private string TaskId => DeliveryTask.IdOf(pass.Keys.Ring, pass.Hospital, outgoing.Reference);
}
