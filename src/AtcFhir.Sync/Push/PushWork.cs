using AtcFhir.R4.Documents;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Ledger;

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

            var delivery = new Delivery(pass, new Outgoing(document, null, null), DeliveryRoute.Update, pass.Keys.Ring.Open(intent.SealedBody, Delivery.SealPurpose(intent.LocalType, intent.LocalId)));
            var (_, fault) = await delivery.ResolveAsync(intent, cancel).ConfigureAwait(false);
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    public async Task<HospitalFault?> RunAsync(CancellationToken cancel)
    {
        var list = await new OutgoingResources(pass.Store, pass.Hospital, pass.Client.Options.OwnsResearchSubjects).ListAsync(cancel).ConfigureAwait(false);
        due.UnionWith(list.Where(outgoing => RouteOf(outgoing) is DeliveryRoute.Update or DeliveryRoute.CreateOnly or DeliveryRoute.FlowsheetRow).Select(outgoing => outgoing.Reference));
        foreach (var outgoing in list)
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

        var identifier = Outbound.IdentifierOf(outgoing.Type, outgoing.Id);
        var body = DocumentBody.IsDocument(route)
            ? DocumentBody.Write(route, outgoing, pass.Options.IdentifierSystem, identifier, pass.Profile.Serious, reference => Resolve(outgoing, reference, route), pass.Client.Base)
            : Outbound.Write(outgoing.Document, pass.Options.IdentifierSystem, identifier, pass.Profile.Serious, reference => Resolve(outgoing, reference, route));
        if (body is null)
        {
            return null; // It refers to something that is not there yet; the next pass finds it again, since it still differs from the base.
        }

        var delivery = new Delivery(pass, outgoing, route, body);
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

    /// <summary>How it travels: as configured for the concept or type, otherwise as the probe found. What nobody may create there goes to a person, when it is about a patient.</summary>
    private DeliveryRoute RouteOf(Outgoing outgoing)
    {
        var configured = pass.Client.Options.Delivery;
        if ((outgoing.Concept is { } concept && configured.TryGetValue(concept.Id, out var route)) || configured.TryGetValue(outgoing.Type, out route))
        {
            return DocumentBody.IsDocument(route) && outgoing.Lane is null ? DeliveryRoute.None : route; // A form or document belongs to a patient.
        }

        return pass.Profile.Creates(outgoing.Type) == false
            ? outgoing.Lane is null ? DeliveryRoute.None : DeliveryRoute.Worklist
            : DeliveryRoute.Update;
    }

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
