using AtcFhir.R4.Canonical;
using AtcFhir.R4.Documents;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Ledger;
using AtcFhir.Sync.Planning;
using AtcFhir.Sync.Reports;

namespace AtcFhir.Sync.Push;

/// <summary>The push of one pass: first what is open from before, then whatever differs from what the hospital was last given.</summary>
internal sealed class PushWork(PassContext pass, Uri? publicBase)
{
    private readonly HashSet<string> due = new(StringComparer.Ordinal);

    /// <summary>
    /// Finds out the outcome of everything that was sent without our learning it. It comes before the pull, so that nothing of ours is ever
    /// taken for the hospital's.
    /// </summary>
    public async Task<HospitalFault?> ResolveOpenAsync(CancellationToken cancel)
    {
        await LoadPushedAsync(cancel).ConfigureAwait(false);
        var unsettled = await pass.Store.UnsettledIntentsAsync(pass.Hospital, cancel).ConfigureAwait(false);
        if (unsettled.Count == 0)
        {
            return null;
        }

        foreach (var intent in unsettled)
        {
            var stored = await pass.Store.Read(intent.LocalType, intent.LocalId, cancel).ConfigureAwait(false);
            var document = stored is { IsDeleted: false } ? ResourceDocument.Parse(stored.Body).Value : null;
            if (document is null)
            {
                continue;
            }

            var delivery = new Delivery(pass, new Outgoing(document, null, null), DeliveryRoute.Update, pass.Keys.Ring.Open(intent.SealedBody, Delivery.SealPurpose(intent.LocalType, intent.LocalId)), static _ => null);
            var (_, fault) = await delivery.ResolveAsync(intent, cancel).ConfigureAwait(false);
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    /// <summary>What a push would do as things stand in the store. It asks nobody and writes nothing.</summary>
    public async Task<IReadOnlyList<PendingDelivery>> PreviewAsync(CancellationToken cancel)
    {
        await LoadPushedAsync(cancel).ConfigureAwait(false);
        var pending = new List<PendingDelivery>();
        foreach (var outgoing in await DueAsync(cancel).ConfigureAwait(false))
        {
            var route = RouteOf(outgoing);
            if (route == DeliveryRoute.None)
            {
                continue;
            }

            var agreed = await pass.Store.BaseAsync(pass.Hospital, outgoing.Type, outgoing.Id, cancel).ConfigureAwait(false);
            if (Written(outgoing, route) is not { } body)
            {
                pending.Add(new(outgoing.Reference, "waits for what it refers to", route, []));
                continue;
            }

            var isSame = agreed?.LocalHash == pass.Keys.Ring.Fingerprint(CanonicalForm.Content(body));
            pending.Add(new(
                outgoing.Reference,
                (agreed, route) switch
                {
                    ({ State: BaseState.Conflict or BaseState.Lost }, _) => "waits for a person",
                    ({ Noticed: true }, _) => "looks different at the hospital",
                    _ when isSame => "unchanged",
                    (_, DeliveryRoute.Worklist) => "goes to a person",
                    (null, _) => "created",
                    _ => "updated",
                },
                route,
                agreed is null || isSame ? [] : [.. HospitalEdit.Differing(pass.Keys.Ring.Open(agreed.SealedLocal, Delivery.SealPurpose(outgoing.Type, outgoing.Id)), body)]));
            if (agreed is null && route is DeliveryRoute.Update or DeliveryRoute.CreateOnly or DeliveryRoute.FlowsheetRow)
            {
                pass.Pushed.TryAdd(outgoing.Reference, ("", outgoing.Type + "/new")); // What refers to it comes after it.
            }
        }

        return pending;
    }

    private async Task<IReadOnlyList<Outgoing>> DueAsync(CancellationToken cancel)
    {
        var list = await new OutgoingResources(pass.Store, pass.Hospital, pass.Client.Options.OwnsResearchSubjects).ListAsync(cancel).ConfigureAwait(false);
        due.UnionWith(list.Where(outgoing => RouteOf(outgoing) is DeliveryRoute.Update or DeliveryRoute.CreateOnly or DeliveryRoute.FlowsheetRow).Select(outgoing => outgoing.Reference));
        return list;
    }

    public async Task<HospitalFault?> RunAsync(CancellationToken cancel)
    {
        foreach (var outgoing in await DueAsync(cancel).ConfigureAwait(false))
        {
            if (await DeliverAsync(outgoing, cancel).ConfigureAwait(false) is not { } fault)
            {
                continue;
            }

            pass.Tally.Fault(outgoing.Reference, fault.What);
            if (fault.Kind is HospitalFaultKind.NoAnswer or HospitalFaultKind.NotAllowed or HospitalFaultKind.Busy)
            {
                return fault; // The hospital as a whole does not work now: no attempts burned on the rest.
            }
        }

        return null;
    }

    private async Task<HospitalFault?> DeliverAsync(Outgoing outgoing, CancellationToken cancel)
    {
        var route = RouteOf(outgoing);
        if (route == DeliveryRoute.None)
        {
            return null;
        }

        byte[]? Write(ResourceDocument document) => Written(outgoing with { Document = document }, route);
        var body = Write(outgoing.Document);
        if (body is null)
        {
            return null; // It refers to something that is not there yet; the next pass finds it again, since it still differs from the base.
        }

        // A flowsheet row is final; what is not, or not any more, a person enters.
        if (route == DeliveryRoute.FlowsheetRow && !outgoing.Document.Root.Child("status").TextEquals("final"u8))
        {
            route = DeliveryRoute.Worklist;
        }

        var delivery = new Delivery(pass, outgoing, route, body, Write);
        if (route != DeliveryRoute.Worklist)
        {
            return await delivery.RunAsync(cancel).ConfigureAwait(false);
        }

        var agreed = await pass.Store.BaseAsync(pass.Hospital, outgoing.Type, outgoing.Id, cancel).ConfigureAwait(false);
        if (agreed is not null && agreed.LocalHash == delivery.Hash)
        {
            pass.Tally.PushUnchanged++;
            return null;
        }

        return await delivery.AskPersonAsync("The hospital takes this type of resource from a person only.", agreed?.Surrogate, cancel).ConfigureAwait(false);
    }

    private byte[]? Written(Outgoing outgoing, DeliveryRoute route)
    {
        var identifier = Outbound.IdentifierOf(outgoing.Type, outgoing.Id);
        return DocumentBody.IsDocument(route)
            ? DocumentBody.Write(route, outgoing, pass.Options.IdentifierSystem, identifier, pass.Profile.Serious, reference => Resolve(outgoing, reference, route), pass.Client.Base)
            : Outbound.Write(outgoing.Document, pass.Options.IdentifierSystem, identifier, pass.Profile.Serious, reference => Resolve(outgoing, reference, route));
    }

    private DeliveryRoute RouteOf(Outgoing outgoing) => Routing.Of(pass.Client.Options, pass.Profile, outgoing.Concept, outgoing.Type, outgoing.Lane is not null);

    private Target Resolve(Outgoing outgoing, string reference, DeliveryRoute route)
    {
        if (outgoing.Lane is { } lane && reference == "Patient/" + lane.PatientId)
        {
            return pass.Keys.Reveal(lane.Surrogate) is { } patient ? new Target.There("Patient/" + patient.Id) : new Target.Never();
        }

        if (reference.StartsWith("Patient/", StringComparison.Ordinal))
        {
            return new Target.Never();
        }

        // What went as a form or a document is not there as what the reference means.
        if (!DocumentBody.IsDocument(route) && pass.Pushed.TryGetValue(reference, out var pushed) && pushed.Remote.Split('/')[0] == reference.Split('/')[0])
        {
            return new Target.There(pushed.Remote);
        }

        return due.Contains(reference) && route != DeliveryRoute.Worklist && !DocumentBody.IsDocument(route)
            ? new Target.Waiting()
            : new Target.Here(publicBase is null ? null : new Uri(publicBase, reference).AbsoluteUri);
    }

    private async Task LoadPushedAsync(CancellationToken cancel)
    {
        foreach (var row in await pass.Store.BasesAsync(pass.Hospital, cancel).ConfigureAwait(false))
        {
            if (row.State is BaseState.Delivered or BaseState.Conflict && pass.Keys.Reveal(row.Surrogate) is { } key)
            {
                pass.Pushed[row.LocalType + "/" + row.LocalId] = (row.Surrogate, key.Type + "/" + key.Id);
            }
        }
    }
}
