using AtcFhir.R4.Canonical;
using AtcFhir.R4.Documents;
using AtcFhir.Store;
using AtcFhir.Store.Side;
using AtcFhir.Sync.Border;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Keys;
using AtcFhir.Sync.Ledger;
using AtcFhir.Sync.Planning;

namespace AtcFhir.Sync.Push;

/// <summary>
/// Brings one trial resource to the hospital: what is to be sent is stored before it is sent, nothing counts as delivered before it was read
/// back, and an answer that never came is asked for, not repeated blindly.
/// </summary>
/// <param name="write">How a version of the resource is written for this hospital.</param>
/// <param name="merges">How often this pass has merged an edit of the hospital into the resource already.</param>
internal sealed partial class Delivery(PassContext pass, Outgoing outgoing, DeliveryRoute route, byte[] body, Func<ResourceDocument, byte[]?> write, int merges = 0)
{
    /// <summary>How often one pass sends a resource again after somebody else wrote it in between.</summary>
    private const int Rounds = 3;

    /// <summary>How long a server may need until a search finds what was written.</summary>
    private static readonly TimeSpan IndexLag = TimeSpan.FromSeconds(60);

    private readonly string hash = pass.Keys.Ring.Fingerprint(CanonicalForm.Content(body));

    /// <summary>Fingerprint of what is to be sent.</summary>
    public string Hash => hash;

    private readonly string identifier = Outbound.IdentifierOf(outgoing.Type, outgoing.Id);

    /// <summary>What it is at the hospital: the same type as here, or the form or document that carries it.</summary>
    private readonly string remoteType = ResourceDocument.Parse(body).Value.ResourceType;

    /// <summary>Null when the resource is where it should be, or waits for a person.</summary>
    public async Task<HospitalFault?> RunAsync(CancellationToken cancel)
    {
        var agreed = await pass.Store.BaseAsync(pass.Hospital, outgoing.Type, outgoing.Id, cancel).ConfigureAwait(false);
        var open = await pass.Store.OpenIntentAsync(pass.Hospital, outgoing.Type, outgoing.Id, cancel).ConfigureAwait(false);
        if (open is { State: IntentState.Parked } && open.BodyHash == hash)
        {
            return null; // The hospital refused exactly this; a person knows.
        }

        if (agreed is null)
        {
            return await CreateAsync(open, cancel).ConfigureAwait(false);
        }

        if (agreed.State is BaseState.Conflict or BaseState.Lost)
        {
            return await pass.Store.ConflictAsync(pass.Hospital, outgoing.Type, outgoing.Id, cancel).ConfigureAwait(false) is { Decision: not null } decided
                ? await CarryOutAsync(agreed, decided, open, cancel).ConfigureAwait(false)
                : null;
        }

        if (agreed is { Noticed: false } && agreed.LocalHash == hash)
        {
            pass.Tally.PushUnchanged++;
            return open is null ? null : await pass.CommitAsync([LedgerWrites.Settle(open.Key, IntentState.Done, "no longer due", pass.Now)], cancel).ConfigureAwait(false);
        }

        // A route that was changed in the configuration: what is there is of another type, and stays what it is.
        var isSameType = pass.Keys.Reveal(agreed.Surrogate) is not { } there || there.Type == remoteType;
        var canUpdate = route == DeliveryRoute.Update || (DocumentBody.IsDocument(route) && agreed.State == BaseState.Delivered);
        return isSameType && (canUpdate || agreed.LocalHash == hash)
            ? await UpdateAsync(agreed, open, cancel).ConfigureAwait(false)
            : await AskPersonAsync("This resource was delivered to the hospital and has changed since; the hospital does not let us change it there.", agreed.Surrogate, cancel).ConfigureAwait(false);
    }

    /// <summary>Finds out what became of something that was sent, or may have been sent, before this pass. False when it is to be sent (again).</summary>
    public async Task<(bool Settled, HospitalFault? Fault)> ResolveAsync(IntentRow intent, CancellationToken cancel)
    {
        var sent = pass.Keys.Ring.Open(intent.SealedBody, SealPurpose(intent.LocalType, intent.LocalId));
        var agreed = await pass.Store.BaseAsync(pass.Hospital, intent.LocalType, intent.LocalId, cancel).ConfigureAwait(false);
        if (agreed is null)
        {
            var (found, fault) = await FindAsync(sent, cancel).ConfigureAwait(false);
            if (fault is not null || found is null)
            {
                return (fault is not null, fault);
            }

            return (true, await SettleAsync(intent.Key, found, null, intent.BodyHash, sent, cancel).ConfigureAwait(false));
        }

        var (remote, etag, missing) = await ReadBackAsync(agreed, cancel).ConfigureAwait(false);
        if (remote is null)
        {
            return (true, missing);
        }

        if (Fingerprint(remote) == agreed.RemoteHash)
        {
            return (false, null); // The old version: it never arrived.
        }

        // Somebody else wrote there, over ours or instead of it: the push of this pass brings the two together.
        return Holds(remote, sent)
            ? (true, await SettleAsync(intent.Key, remote, etag, intent.BodyHash, sent, cancel).ConfigureAwait(false))
            : (true, await pass.CommitAsync([LedgerWrites.Notice(agreed.Surrogate), LedgerWrites.Settle(intent.Key, IntentState.Done, "changed at the hospital", pass.Now)], cancel).ConfigureAwait(false));
    }

    private async Task<HospitalFault?> CreateAsync(IntentRow? open, CancellationToken cancel)
    {
        // Where nothing promises that a second conditional create finds the first, look first.
        var isConditional = pass.Profile.IfNoneExist == true && RemoteCopy.IsFoundByIdentifier(remoteType);
        if (!isConditional)
        {
            // An earlier attempt may have worked and not be in the search index yet: it cannot be told from one that failed until the index has caught up.
            if (open is not null && pass.Now - open.Made < IndexLag)
            {
                return null;
            }

            var (found, fault) = await FindAsync(body, cancel).ConfigureAwait(false);
            if (fault is not null)
            {
                return fault;
            }

            if (found is not null)
            {
                return await AdoptAsync(open, found, null, cancel).ConfigureAwait(false);
            }
        }

        var key = open?.Key ?? pass.Keys.Ring.NewId();
        if (await IntendAsync(key, "create", null, cancel).ConfigureAwait(false) is { } refused)
        {
            return refused;
        }

        var condition = RemoteCopy.IsFoundByIdentifier(remoteType) ? "identifier=" + Uri.EscapeDataString(pass.Options.IdentifierSystem + "|" + identifier) : null;
        var reply = await pass.Client.CreateAsync(remoteType, body, condition, key, cancel).ConfigureAwait(false);
        if (reply.IsSuccess)
        {
            return RemoteCopy.IdOf(reply, remoteType) is { } id
                ? await ReadAndSettleAsync(key, id, reply.Status == 200, cancel).ConfigureAwait(false)
                : await FindAndSettleAsync(key, cancel).ConfigureAwait(false);
        }

        return reply switch
        {
            { Status: 412, Fault: null } => await ParkAsync(key, "more than one resource at the hospital carries our identifier", reply.Body, cancel).ConfigureAwait(false),
            { Status: 409, Fault: null } => await ParkAsync(key, "the hospital answered 409 to a create", reply.Body, cancel).ConfigureAwait(false),
            { Status: 404 or 405 or 501 } => await NotServedAsync(key, cancel).ConfigureAwait(false),
            { Fault.Kind: HospitalFaultKind.Refused } => await ParkAsync(key, reply.Fault.What, reply.Body, cancel).ConfigureAwait(false),
            { Fault: { } fault } => await LeaveOpenAsync(key, fault, cancel).ConfigureAwait(false),
            _ => await ParkAsync(key, $"the hospital answered {reply.Status} to a create", reply.Body, cancel).ConfigureAwait(false),
        };
    }

    private async Task<HospitalFault?> UpdateAsync(BaseRow agreed, IntentRow? open, CancellationToken cancel)
    {
        var key = open?.Key ?? pass.Keys.Ring.NewId();
        for (var round = 0; round < Rounds; round++)
        {
            // Without a trustworthy If-Match, and when a pull saw something else, look before writing.
            if (pass.Profile.IfMatch != true || agreed.ETag is null || agreed.Noticed)
            {
                var (current, etag, missing) = await ReadBackAsync(agreed, cancel).ConfigureAwait(false);
                if (current is null)
                {
                    return missing;
                }

                if (Fingerprint(current) != agreed.RemoteHash)
                {
                    return await ForeignAsync(agreed, current, etag, key, cancel).ConfigureAwait(false);
                }

                agreed = agreed with { ETag = etag, Noticed = false };
                if (agreed.LocalHash == hash)
                {
                    return await pass.CommitAsync([LedgerWrites.Put(agreed, pass.Now)], cancel).ConfigureAwait(false); // A false alarm.
                }
            }

            if (pass.Keys.Reveal(agreed.Surrogate) is not { } remote)
            {
                return new(HospitalFaultKind.NotUsable, "the hospital's id is not known");
            }

            var (sent, before) = Ancestors(agreed);
            if (Overwritten(sent, before) is { Count: > 0 } paths)
            {
                return await ConflictAsync(agreed, ResourceDocument.Parse(before).Value, agreed.ETag, key, paths, cancel).ConfigureAwait(false);
            }

            if (await IntendAsync(key, "update", agreed.ETag, cancel).ConfigureAwait(false) is { } refused)
            {
                return refused;
            }

            var reply = await pass.Client.UpdateAsync(remoteType, remote.Id, WithId(HospitalEdit.WithItsOwn(body, sent, before), remote.Id), agreed.ETag, key, cancel).ConfigureAwait(false);
            if (reply.IsSuccess)
            {
                return await ReadAndSettleAsync(key, remote.Id, mayBeAnother: false, cancel).ConfigureAwait(false);
            }

            switch (reply)
            {
                case { Status: 409 or 412 or 428, Fault: null }:
                    agreed = agreed with { Noticed = true }; // Look, and decide anew; never take the new tag and send again.
                    continue;
                case { Status: 404 or 410, Fault: null }:
                    return await LostAsync(agreed, key, cancel).ConfigureAwait(false);
                case { Status: 405 or 501 }:
                    return await pass.CommitAsync([LedgerWrites.Settle(key, IntentState.Done, "the hospital serves no update", pass.Now)], cancel).ConfigureAwait(false)
                        ?? await AskPersonAsync("This resource was delivered to the hospital and has changed since; the hospital serves no update.", agreed.Surrogate, cancel).ConfigureAwait(false);
                case { Fault.Kind: HospitalFaultKind.Refused }:
                    return await ParkAsync(key, reply.Fault.What, reply.Body, cancel).ConfigureAwait(false);
                case { Fault: { } fault }:
                    return await LeaveOpenAsync(key, fault, cancel).ConfigureAwait(false);
                default:
                    return await ParkAsync(key, $"the hospital answered {reply.Status} to an update", reply.Body, cancel).ConfigureAwait(false);
            }
        }

        return new(HospitalFaultKind.Busy, $"{outgoing.Type}: changed at the hospital each time we were about to write it; tried again with the next pass");
    }

    /// <summary>A resource that carries our identifier is there already: from an attempt whose answer was lost, or from before our ledger was lost.</summary>
    private async Task<HospitalFault?> AdoptAsync(IntentRow? open, ResourceDocument found, string? etag, CancellationToken cancel)
    {
        var key = open?.Key ?? pass.Keys.Ring.NewId();
        if (Holds(found, body))
        {
            return await SettleAsync(key, found, etag, hash, body, cancel).ConfigureAwait(false);
        }

        // What is there is an older state of ours: agree on it as both sides' last word, and write over it as an update.
        var older = found.Utf8.ToArray();
        var settled = await SettleAsync(key, found, etag, "adopted", older, cancel).ConfigureAwait(false);
        return settled ?? await RunAsync(cancel).ConfigureAwait(false);
    }

    private async Task<HospitalFault?> FindAndSettleAsync(string key, CancellationToken cancel)
    {
        var (found, fault) = await FindAsync(body, cancel).ConfigureAwait(false);
        return found is not null
            ? await SettleAsync(key, found, null, hash, body, cancel).ConfigureAwait(false)
            : await LeaveOpenAsync(key, fault ?? new(HospitalFaultKind.NotUsable, $"create of {outgoing.Type}: the hospital said yes, but the resource is not to be found; looked for again with the next pass"), cancel).ConfigureAwait(false);
    }

    private async Task<HospitalFault?> ReadAndSettleAsync(string key, string id, bool mayBeAnother, CancellationToken cancel)
    {
        var read = await pass.Client.ReadAsync(remoteType, id, cancel).ConfigureAwait(false);
        if (!read.IsSuccess || read.Body is not { } remote || remote.ResourceType != remoteType || (remote.Id is { } there && there != id))
        {
            return await LeaveOpenAsync(key, read.Fault ?? new(HospitalFaultKind.NotUsable, $"read of {outgoing.Type} after writing it: answered {read.Status}"), cancel).ConfigureAwait(false);
        }

        var etag = read.ETag ?? (remote.VersionId is { } version ? $"W/\"{version}\"" : null);
        return mayBeAnother
            ? await AdoptAsync(await pass.Store.OpenIntentAsync(pass.Hospital, outgoing.Type, outgoing.Id, cancel).ConfigureAwait(false), remote, etag, cancel).ConfigureAwait(false)
            : await SettleAsync(key, remote, etag, hash, body, cancel).ConfigureAwait(false);
    }

    private async Task<(ResourceDocument? Body, string? ETag, HospitalFault? Fault)> ReadBackAsync(BaseRow agreed, CancellationToken cancel)
    {
        if (pass.Keys.Reveal(agreed.Surrogate) is not { } remote)
        {
            return (null, null, new(HospitalFaultKind.NotUsable, "the hospital's id is not known"));
        }

        var reply = await pass.Client.ReadAsync(remoteType, remote.Id, cancel).ConfigureAwait(false);
        if (reply is { Status: 404 or 410, Fault: null })
        {
            return (null, null, await LostAsync(agreed, null, cancel).ConfigureAwait(false));
        }

        return reply is { IsSuccess: true, Body: { } body } && body.ResourceType == remoteType
            ? (body, reply.ETag ?? (body.VersionId is { } version ? $"W/\"{version}\"" : null), null)
            : (null, null, reply.Fault ?? new(HospitalFaultKind.NotUsable, $"read of {outgoing.Type}: answered {reply.Status}"));
    }

    private Task<HospitalFault?> IntendAsync(string key, string operation, string? ifMatch, CancellationToken cancel)
    {
        var intent = new IntentRow(key, pass.Hospital, outgoing.Type, outgoing.Id, operation, hash, Seal(body), ifMatch, IntentState.Sent, 1, null, pass.Now);
        // Consent once more, in the transaction right before the send.
        return pass.CommitAsync([.. outgoing.Lane is { } lane ? new[] { LedgerWrites.StillEnrolled(lane) } : [], LedgerWrites.Intend(intent)], cancel);
    }

    private async Task<HospitalFault?> SettleAsync(string key, ResourceDocument remote, string? etag, string localHash, ReadOnlyMemory<byte> local, CancellationToken cancel)
    {
        // Key store first: the hospital's id is worth nothing to the ledger before it can be found again.
        var surrogate = pass.Keys.Mint(new HospitalKey(pass.Hospital, remoteType, remote.Id!));
        var row = new BaseRow(pass.Hospital, outgoing.Type, outgoing.Id, surrogate, etag ?? (remote.VersionId is { } version ? $"W/\"{version}\"" : null),
            localHash, Fingerprint(remote), Seal(local.Span), Seal(remote.Utf8.Span), BaseState.Delivered);
        var fault = await pass.CommitAsync([LedgerWrites.Put(row, pass.Now), LedgerWrites.Settle(key, IntentState.Done, null, pass.Now), LedgerWrites.ClearConflict(pass.Hospital, outgoing.Type, outgoing.Id)], cancel).ConfigureAwait(false);
        if (fault is null)
        {
            pass.Pushed[outgoing.Reference] = (surrogate, remoteType + "/" + remote.Id);
            pass.Tally.Pushed++;
        }

        return fault;
    }

    /// <summary>The hospital may or may not have done it: the next pass asks before anything else.</summary>
    private async Task<HospitalFault?> LeaveOpenAsync(string key, HospitalFault fault, CancellationToken cancel)
    {
        // After a clear "no" to our credentials nothing is open; after anything else the outcome is unknown.
        var state = fault.IsUnknownOutcome ? IntentState.Unknown : IntentState.Done;
        return await pass.CommitAsync([LedgerWrites.Settle(key, state, fault.What, pass.Now)], cancel).ConfigureAwait(false) ?? fault;
    }

    private string Fingerprint(ResourceDocument remote) => pass.Keys.Ring.Fingerprint(CanonicalForm.Content(remote.Utf8));

    private byte[] Seal(ReadOnlySpan<byte> content) => pass.Keys.Ring.Seal(content, SealPurpose(outgoing.Type, outgoing.Id));

    public static string SealPurpose(string type, string id) => "base " + type + "/" + id;

    private static byte[] WithId(byte[] body, string id)
    {
        var root = System.Text.Json.Nodes.JsonNode.Parse(body)!.AsObject();
        root["id"] = id;
        return System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(root);
    }
}
