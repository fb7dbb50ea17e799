using AtcFhir.R4.Canonical;
using AtcFhir.R4.Documents;
using AtcFhir.Store;
using AtcFhir.Sync.Border;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Ledger;
using AtcFhir.Sync.Planning;

namespace AtcFhir.Sync.Push;

/// <summary>Bringing together what the trial and a hospital made of the same resource.</summary>
internal sealed partial class Delivery
{
    /// <summary>
    /// The hospital's version is another than the one we agreed on. Edits of different elements are merged: the trial's record takes the hospital's edit
    /// over, and the next update, with If-Match on the version that was read, brings the trial's. Edits of the same element are a conflict, and so is
    /// one that the trial does not take: a person decides.
    /// </summary>
    private async Task<HospitalFault?> ForeignAsync(BaseRow agreed, ResourceDocument remote, string? etag, string key, CancellationToken cancel)
    {
        if (agreed.State == BaseState.Worklist)
        {
            // A person was asked to enter it: either they have, or what is there is what was there before.
            return Holds(remote, body) ? await SettleAsync(key, remote, etag, hash, body, cancel).ConfigureAwait(false)
                : agreed.LocalHash == hash ? await pass.CommitAsync([LedgerWrites.Put(agreed with { Noticed = false }, pass.Now)], cancel).ConfigureAwait(false)
                : await AskPersonAsync("This resource was delivered to the hospital and has changed since.", agreed.Surrogate, cancel).ConfigureAwait(false);
        }

        var (sent, before) = Ancestors(agreed);
        var theirs = new Content(HospitalEdit.InOurSpelling(remote.Utf8, sent, before, body), pass.Keys.Ring);
        var common = new Content(sent, pass.Keys.Ring);
        var rebased = Rebased(agreed, theirs, remote, etag);
        return Planner.Decide(new Synced<Content>(common, common), new Content(body, pass.Keys.Ring), theirs, MayMerge ? Ownership.Shared : Ownership.Trial, ContentRules.Instance) switch
        {
            Decision<Content>.Nothing or Decision<Content>.Absorb => await SettleAsync(key, remote, etag, hash, body, cancel).ConfigureAwait(false),
            Decision<Content>.SendLocal => await pass.CommitAsync([LedgerWrites.Put(rebased, pass.Now)], cancel).ConfigureAwait(false) ?? await AgainAsync(outgoing.Document, body, cancel).ConfigureAwait(false),
            Decision<Content>.TakeRemote edit => await TakeOverAsync(agreed, rebased, remote, key, edit.Value, cancel).ConfigureAwait(false),
            Decision<Content>.Merge merge => await TakeOverAsync(agreed, rebased, remote, key, merge.Value, cancel).ConfigureAwait(false),
            Decision<Content>.Conflict conflict => await ConflictAsync(agreed, remote, etag, key, conflict.Paths is ["*"] ? [.. HospitalEdit.Differing(sent, theirs.Body).Select(PathOf)] : conflict.Paths, cancel).ConfigureAwait(false),
            _ => await ConflictAsync(agreed, remote, etag, key, [outgoing.Type], cancel).ConfigureAwait(false),
        };
    }

    /// <summary>Records of a patient are edited on both sides; the study itself is the trial's alone, whatever a hospital makes of its copy.</summary>
    private bool MayMerge => remoteType == outgoing.Type && outgoing is { Lane: not null, Concept: not null, Type: "AdverseEvent" or "Observation" };

    /// <summary>The trial's record takes the hospital's edit over, in one transaction with the new agreement; then what the trial has to say on top of it is sent.</summary>
    private async Task<HospitalFault?> TakeOverAsync(BaseRow agreed, BaseRow rebased, ResourceDocument remote, string key, Content merged, CancellationToken cancel)
    {
        var (taken, path) = Inbound.Take(outgoing.Concept!, outgoing.Document, body, merged.Body, write, Renamed);
        return taken is null || Inbound.IsMilder(outgoing.Concept!, outgoing.Document, taken) || await StoreAsync(taken, rebased, remote, key, cancel).ConfigureAwait(false) is not { } stored
            ? await ConflictAsync(agreed, remote, rebased.ETag, key, [path.Length == 0 ? outgoing.Type : path], cancel).ConfigureAwait(false)
            : stored.Fault ?? await AgainAsync(stored.Document!, stored.Said!, cancel).ConfigureAwait(false);
    }

    /// <summary>Stores the trial's record with an edit of the hospital, checked as at the border; null when it does not pass.</summary>
    private async Task<(ResourceDocument? Document, byte[]? Said, HospitalFault? Fault)?> StoreAsync(ResourceDocument taken, BaseRow rebased, ResourceDocument remote, string key, CancellationToken cancel)
    {
        if (!pass.Crossing.Check([taken.Utf8.ToArray()], LeakGuard.SecretsOf(remote)).TryGet(out var resources, out _) || write(resources[0]) is not { } said)
        {
            return null;
        }

        var update = ResourceWrite.Update(pass.Store.Prepare(resources[0], outgoing.Id), outgoing.Id) with { IfMatch = outgoing.Document.VersionId is { } version ? [version] : null, SkipUnchanged = true };
        var audit = new AuditEntry("sync:" + pass.Hospital, "merge", pass.RequestId, Patient: outgoing.Lane!.PatientId, Hospital: pass.Hospital);
        var commit = await pass.Store.Commit(WriteBatch.Of(audit, update) with
        {
            Statements =
            [
                pass.Fence(), LedgerWrites.StillEnrolled(outgoing.Lane), LedgerWrites.Put(rebased, pass.Now),
                LedgerWrites.ClearConflict(pass.Hospital, outgoing.Type, outgoing.Id), LedgerWrites.Settle(key, IntentState.Done, "merged", pass.Now),
            ],
        }, cancel).ConfigureAwait(false);
        if (!commit.Committed)
        {
            return (null, null, PassContext.FaultOf(commit.Failure!));
        }

        pass.Tally.Merged++;
        return (commit.Writes[0].Resource is { } stored ? ResourceDocument.Parse(stored.Body).Value : resources[0], said, null);
    }

    /// <summary>A person has decided whose value stands in the elements of a conflict; the other elements are merged as ever.</summary>
    private async Task<HospitalFault?> CarryOutAsync(BaseRow agreed, ConflictRow decided, IntentRow? open, CancellationToken cancel)
    {
        var (remote, etag, missing) = await ReadBackAsync(agreed, cancel).ConfigureAwait(false);
        if (remote is null)
        {
            return missing;
        }

        var key = open?.Key ?? pass.Keys.Ring.NewId();
        var shown = ResourceDocument.Parse(pass.Keys.Ring.Open(decided.SealedRemote, SealPurpose(outgoing.Type, outgoing.Id))).Value;
        if (Fingerprint(shown) != Fingerprint(remote))
        {
            return await ConflictAsync(agreed, remote, etag, key, [.. decided.Paths.Split(", ")], cancel).ConfigureAwait(false); // Not what was decided about.
        }

        var (sent, before) = Ancestors(agreed);
        var theirs = HospitalEdit.InOurSpelling(remote.Utf8, sent, before, body);
        var rebased = Rebased(agreed, new Content(theirs, pass.Keys.Ring), remote, etag) with { State = BaseState.Delivered };
        var isOurs = decided.IsForTrial;
        var merge = ThreeWayMerge.Merge(
            ResourceDocument.Parse(sent).Value,
            ResourceDocument.Parse(isOurs ? body : HospitalEdit.With(body, sent, decided.IsAbout)).Value,
            ResourceDocument.Parse(isOurs ? HospitalEdit.With(theirs, sent, decided.IsAbout) : theirs).Value);
        if (merge.Merged is not { } merged)
        {
            return await ConflictAsync(agreed, remote, etag, key, merge.Conflicts, cancel).ConfigureAwait(false);
        }

        if (HospitalEdit.Differing(body, merged).Count > 0 && MayMerge)
        {
            var (taken, path) = Inbound.Take(outgoing.Concept!, outgoing.Document, body, merged, write, Renamed);
            if (taken is not null && await StoreAsync(taken, rebased, remote, key, cancel).ConfigureAwait(false) is { } stored)
            {
                return stored.Fault ?? await AgainAsync(stored.Document!, stored.Said!, cancel).ConfigureAwait(false);
            }

            if (isOurs)
            {
                return await ConflictAsync(agreed, remote, etag, key, [path.Length == 0 ? outgoing.Type : path], cancel).ConfigureAwait(false);
            }
        }

        if (!isOurs)
        {
            // The hospital's stands there and cannot become the trial's: both stay as they are, until the trial changes.
            rebased = rebased with { LocalHash = hash, SealedLocal = Seal(body) };
        }

        return await pass.CommitAsync([LedgerWrites.Put(rebased, pass.Now), LedgerWrites.ClearConflict(pass.Hospital, outgoing.Type, outgoing.Id)], cancel).ConfigureAwait(false)
            ?? await AgainAsync(outgoing.Document, body, cancel).ConfigureAwait(false);
    }

    /// <summary>The hospital's version is what both sides agree on from now on; what the trial says differently is due.</summary>
    private BaseRow Rebased(BaseRow agreed, Content theirs, ResourceDocument remote, string? etag) => agreed with
    {
        ETag = etag,
        LocalHash = theirs.Hash,
        RemoteHash = Fingerprint(remote),
        SealedLocal = Seal(theirs.Body),
        SealedRemote = Seal(remote.Utf8.Span),
        Noticed = false,
    };

    private async Task<HospitalFault?> AgainAsync(ResourceDocument document, byte[] said, CancellationToken cancel)
        => merges < Rounds
            ? await new Delivery(pass, outgoing with { Document = document }, route, said, write, merges + 1).RunAsync(cancel).ConfigureAwait(false)
            : new(HospitalFaultKind.Busy, $"{outgoing.Type}: changed at the hospital each time we were about to write it; tried again with the next pass");

    /// <summary>What we want to say now in elements that we did not speak of before, and of which the hospital has said something else by itself.</summary>
    private IReadOnlyList<string> Overwritten(byte[] sent, byte[] before)
    {
        if (before.Length == 0 || remoteType != outgoing.Type)
        {
            return [];
        }

        var theirs = HospitalEdit.InOurSpelling(before, sent, before, body);
        return [.. HospitalEdit.Differing(sent, theirs).Intersect(HospitalEdit.Differing(body, theirs), StringComparer.Ordinal).Select(PathOf)];
    }

    private (byte[] Sent, byte[] Before) Ancestors(BaseRow agreed)
        => (pass.Keys.Ring.Open(agreed.SealedLocal, SealPurpose(outgoing.Type, outgoing.Id)), pass.Keys.Ring.Open(agreed.SealedRemote, SealPurpose(outgoing.Type, outgoing.Id)));

    /// <summary>A reference of the hospital as the trial's: the patient of this record, and what the trial delivered there.</summary>
    private string? Renamed(string reference)
    {
        if (HospitalReference.Parse(reference, pass.Client.Options.BaseUrl, pass.Client.Options.AllowedHosts)?.ToString() is not { } there)
        {
            return null;
        }

        if (outgoing.Lane is { } lane && pass.Keys.Reveal(lane.Surrogate) is { } patient && there == "Patient/" + patient.Id)
        {
            return "Patient/" + lane.PatientId;
        }

        return pass.Pushed.FirstOrDefault(pushed => pushed.Value.Remote == there).Key;
    }

    private string PathOf(string element) => outgoing.Type + "." + element.TrimStart('_');

    private sealed record Content(byte[] Body, string Hash)
    {
        public Content(byte[] body, Keys.KeyRing ring) : this(body, ring.Fingerprint(CanonicalForm.Content(body))) { }
    }

    private sealed class ContentRules : IMergeable<Content>
    {
        public static ContentRules Instance { get; } = new();

        public bool AreSame(Content left, Content right) => left.Hash == right.Hash;

        public (Content? Merged, IReadOnlyList<string> Conflicts) Merge(Content @base, Content local, Content remote)
        {
            var result = ThreeWayMerge.Merge(Parse(@base), Parse(local), Parse(remote));
            return (result.Merged is { } merged ? new Content(merged, "merged") : null, result.Conflicts);
        }

        private static ResourceDocument Parse(Content content) => ResourceDocument.Parse(content.Body).Value;
    }
}
