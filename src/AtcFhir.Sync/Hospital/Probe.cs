using System.Buffers;
using System.Text.Json;

namespace AtcFhir.Sync.Hospital;

/// <summary>
/// Finds out what a hospital's server does by trying it on a resource of our own (a Basic that is deleted afterwards) and on searches that
/// must have a known answer. The CapabilityStatement is read when there is one, but only to learn what need not be tried.
/// </summary>
internal sealed class Probe(HospitalClient client, string identifierSystem, Func<string> newKey, TimeProvider time)
{
    private const string Marker = "probe";

    /// <summary>The profile, or why the hospital cannot be probed now.</summary>
    /// <param name="patientId">Somebody who is enrolled, to try searches on.</param>
    /// <param name="writes">Also try writes; false only tries the searches.</param>
    public async Task<(HospitalProfile? Profile, HospitalFault? Fault)> RunAsync(HospitalProfile before, string? patientId, bool writes, CancellationToken cancel)
    {
        var profile = before;
        if (writes)
        {
            (profile, var fault) = await ReadCapabilitiesAsync(before, cancel).ConfigureAwait(false);
            if (fault is not null)
            {
                return (null, fault);
            }

            profile = await TryWritesAsync(profile, cancel).ConfigureAwait(false);
            profile = profile with { Serious = await SpellingAsync(cancel).ConfigureAwait(false) };
        }

        profile = await TrySearchAsync(profile, patientId, cancel).ConfigureAwait(false);
        return (profile, null);
    }

    private async Task<(HospitalProfile Profile, HospitalFault? Fault)> ReadCapabilitiesAsync(HospitalProfile profile, CancellationToken cancel)
    {
        var asked = time.GetUtcNow();
        var reply = await client.GetAsync("metadata", "metadata", cancel).ConfigureAwait(false);
        if (reply.Fault is { Kind: HospitalFaultKind.NoAnswer or HospitalFaultKind.Busy or HospitalFaultKind.NotAllowed })
        {
            return (profile, reply.Fault);
        }

        if (reply.Date is { } date)
        {
            profile = profile with { ClockSkew = Math.Round((date - asked).TotalSeconds) };
        }

        if (reply is not { IsSuccess: true, Body: { ResourceType: "CapabilityStatement" } statement })
        {
            return (profile, null); // Some servers have none. What they do is found out all the same.
        }

        foreach (var resource in statement.Root.Child("rest").ChildrenOf("resource"))
        {
            if (resource.Child("type").Text is not { } type || resource.ChildrenOf("interaction").IsEmpty)
            {
                continue;
            }

            var creates = false;
            foreach (var interaction in resource.ChildrenOf("interaction"))
            {
                creates |= interaction.Child("code").TextEquals("create"u8);
            }

            profile = profile.WithCreate(type, creates);
        }

        return (profile, null);
    }

    private async Task<HospitalProfile> TryWritesAsync(HospitalProfile profile, CancellationToken cancel)
    {
        if (profile.Creates("Basic") == false)
        {
            return profile with { IfMatch = null, IfNoneExist = null };
        }

        var condition = "identifier=" + Uri.EscapeDataString(identifierSystem + "|" + Marker);
        var first = await client.CreateAsync("Basic", Body(null, "1"), condition, newKey(), cancel).ConfigureAwait(false);
        if (!first.IsSuccess || Push.RemoteCopy.IdOf(first, "Basic") is not { } id)
        {
            return profile.WithCreate("Basic", false) with { IfMatch = null, IfNoneExist = null };
        }

        var second = await client.CreateAsync("Basic", Body(null, "1"), condition, newKey(), cancel).ConfigureAwait(false);
        var again = second.IsSuccess ? Push.RemoteCopy.IdOf(second, "Basic") : null;
        profile = profile with { IfNoneExist = second is { Status: 412, Fault: null } || again == id };

        var read = await client.ReadAsync("Basic", id, cancel).ConfigureAwait(false);
        if (read is { IsSuccess: true, Body: { } stored })
        {
            profile = profile with { Versions = FormOf(stored.VersionId), HasLastUpdated = stored.Root.Child("meta").Child("lastUpdated").HasValue };
        }

        var wrong = await client.UpdateAsync("Basic", id, Body(id, "2"), "W/\"no-such-version\"", newKey(), cancel).ConfigureAwait(false);
        profile = profile with { IfMatch = wrong switch { { Status: 412 } => true, { IsSuccess: true } => false, _ => null } };

        var (found, _) = await Push.RemoteCopy.ByIdentifierAsync(client, "Basic", identifierSystem, Marker, null, cancel).ConfigureAwait(false);
        profile = profile with { KeepsIdentifiers = found.Count > 0 };

        var history = await client.GetAsync($"Basic/{Uri.EscapeDataString(id)}/_history", "history of Basic", cancel).ConfigureAwait(false);
        profile = profile with { History = history is { IsSuccess: true, Body.ResourceType: "Bundle" } };

        foreach (var made in new[] { id, again }.OfType<string>().Distinct(StringComparer.Ordinal))
        {
            await client.DeleteAsync("Basic", made, cancel).ConfigureAwait(false);
        }

        var deleted = await client.ReadAsync("Basic", id, cancel).ConfigureAwait(false);
        return profile with { DeletedIsGone = deleted.Status == 410 };
    }

    /// <summary>
    /// R4 4.0.1 spells "Serious", HL7's terminology "serious", under one URL, and a server refuses the one that it does not know. Nothing is
    /// stored by asking; a server that has no opinion gets the terminology's.
    /// </summary>
    private async Task<string> SpellingAsync(CancellationToken cancel)
    {
        var lower = await client.ValidateAsync("AdverseEvent", Event("serious"), newKey(), cancel).ConfigureAwait(false);
        if (!Names(lower, "seriousness"))
        {
            return "serious";
        }

        var upper = await client.ValidateAsync("AdverseEvent", Event("Serious"), newKey(), cancel).ConfigureAwait(false);
        return upper.Body is null || Names(upper, "seriousness") ? "serious" : "Serious";

        static byte[] Event(string serious) => System.Text.Encoding.UTF8.GetBytes($$$"""
            {"resourceType":"AdverseEvent","actuality":"actual","event":{"text":"probe"},"subject":{"display":"probe"},
            "seriousness":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/adverse-event-seriousness","code":"{{{serious}}}"}]}}
            """);
    }

    /// <summary>True when the OperationOutcome has an error about that element.</summary>
    private static bool Names(HospitalReply reply, string element)
    {
        foreach (var issue in reply.Body is { ResourceType: "OperationOutcome" } outcome ? outcome.Root.ChildrenOf("issue").ToList() : [])
        {
            var text = issue.Child("expression").Text + issue.Child("location").Text + issue.Child("diagnostics").Text + issue.Child("details").Child("text").Text;
            if (issue.Child("severity").Text is "error" or "fatal" && text.Contains(element, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A search that is narrowed to the future must be empty, and the same from the beginning of time must not; only then is the parameter believed.</summary>
    private async Task<HospitalProfile> TrySearchAsync(HospitalProfile profile, string? patientId, CancellationToken cancel)
    {
        if (patientId is null)
        {
            return profile with { SearchesLastUpdated = false };
        }

        var patient = "Observation?patient=" + Uri.EscapeDataString("Patient/" + patientId)
            + (client.Options.ObservationCategories is [var category, ..] ? "&category=" + Uri.EscapeDataString(category) : "");
        var future = Uri.EscapeDataString(time.GetUtcNow().AddYears(50).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        var (ahead, _) = await SearchAsync(patient + "&_count=1&_lastUpdated=ge" + future, cancel).ConfigureAwait(false);
        var (ever, _) = await SearchAsync(patient + "&_count=5&_lastUpdated=ge1900-01-01T00:00:00Z", cancel).ConfigureAwait(false);
        if (ahead is null)
        {
            return profile with { SearchesLastUpdated = false, SearchTried = true }; // The parameter is refused.
        }

        if (ever is null || ever.Matches.Count == 0)
        {
            return profile with { SearchesLastUpdated = false }; // Nothing to see yet.
        }

        return profile with
        {
            SearchTried = true,
            SearchesLastUpdated = ahead.Matches.Count == 0,
            HasLastUpdated = ever.Matches.All(match => match.LastUpdated is not null),
            Versions = ever.Matches.Select(match => FormOf(match.Document.VersionId)).Distinct().ToList() is [var only] ? only : VersionForm.Opaque,
        };
    }

    private async Task<(SearchPage? Page, HospitalFault? Fault)> SearchAsync(string query, CancellationToken cancel)
        => SearchPage.Read(await client.GetAsync(query, "search of Observation", cancel).ConfigureAwait(false), "Observation", client);

    private static VersionForm FormOf(string? versionId) => versionId is null ? VersionForm.None : long.TryParse(versionId, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? VersionForm.Integer : VersionForm.Opaque;

    private byte[] Body(string? id, string value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("resourceType", "Basic");
            if (id is not null)
            {
                json.WriteString("id", id);
            }

            json.WriteStartArray("identifier");
            json.WriteStartObject();
            json.WriteString("system", identifierSystem);
            json.WriteString("value", Marker);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteStartObject("code");
            json.WriteString("text", "AtcFhir probe " + value);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
