using System.Text.Json;
using System.Text.Json.Nodes;
using AtcFhir.R4.Documents;
using AtcFhir.Sync.Border;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Keys;
using AtcFhir.Sync.Ledger;
using AtcFhir.Sync.Planning;

namespace AtcFhir.Sync.Push;

/// <summary>Finding again what was delivered, and whether it still says what we said.</summary>
internal sealed partial class Delivery
{
    private async Task<(ResourceDocument? Found, HospitalFault? Fault)> FindAsync(byte[] sent, CancellationToken cancel)
    {
        var (found, fault) = await RemoteCopy.ByIdentifierAsync(pass.Client, remoteType, pass.Options.IdentifierSystem, identifier, HospitalReference.SubjectOf(ResourceDocument.Parse(sent).Value).Child("reference").Text, cancel).ConfigureAwait(false);
        if (fault is { Kind: not (HospitalFaultKind.Refused or HospitalFaultKind.NotUsable) })
        {
            return (null, fault);
        }

        if (found.Count == 0)
        {
            (found, fault) = await RemoteCopy.ByNatureAsync(pass.Client, ResourceDocument.Parse(sent).Value, identifier, cancel).ConfigureAwait(false);
            var free = new List<ResourceDocument>();
            foreach (var candidate in found)
            {
                if (DocumentBody.Names(candidate, identifier))
                {
                    free.Add(candidate); // It names our record inside: nobody else's, whatever was made of it meanwhile.
                    continue;
                }

                // One that is known as something else, a hospital's own or another of ours, is not it.
                if (pass.Keys.Find(new HospitalKey(pass.Hospital, remoteType, candidate.Id!)) is not { } surrogate
                    || (await pass.Store.LinkAsync(surrogate, cancel).ConfigureAwait(false) is null && await pass.Store.BaseOfSurrogateAsync(surrogate, cancel).ConfigureAwait(false) is null))
                {
                    free.Add(candidate);
                }
            }

            found = free;
        }

        return found.Count switch
        {
            0 => (null, fault is { Kind: HospitalFaultKind.Refused or HospitalFaultKind.NotUsable } ? null : fault),
            1 => (found[0], null),
            _ => (null, new(HospitalFaultKind.NotUsable, $"{outgoing.Type}: {found.Count} resources at the hospital carry our identifier; a person has to say which one stays")),
        };
    }

    /// <summary>Whether the hospital's version says all that we sent; a hospital that keeps no identifiers has lost ours, which is no edit.</summary>
    private bool Holds(ResourceDocument remote, ReadOnlyMemory<byte> sent)
    {
        if (Containment.Holds(remote.Utf8, sent))
        {
            return true;
        }

        if (pass.Profile.KeepsIdentifiers || !DocumentBody.Names(remote, identifier))
        {
            return false;
        }

        var root = JsonNode.Parse(sent.Span)!.AsObject();
        root.Remove("identifier");
        return Containment.Holds(remote.Utf8, JsonSerializer.SerializeToUtf8Bytes(root));
    }
}
