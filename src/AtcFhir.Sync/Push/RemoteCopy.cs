using AtcFhir.R4.Documents;
using AtcFhir.Sync.Hospital;

namespace AtcFhir.Sync.Push;

/// <summary>Finds what we wrote at a hospital: by its id, by our identifier, and where the server drops that, by patient, code, time and value.</summary>
internal static class RemoteCopy
{
    /// <summary>Type and id that a create gave, from its Location header or its body; null when the server does not say.</summary>
    public static string? IdOf(HospitalReply reply, string type)
    {
        if (reply.Body is { } body && body.ResourceType == type && body.Id is { Length: > 0 } id)
        {
            return id;
        }

        // "https://host/base/Observation/12/_history/1", "Observation/12" and all between.
        var parts = (reply.Location ?? "").Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        var at = Array.LastIndexOf(parts, type);
        return at >= 0 && at + 1 < parts.Length ? Uri.UnescapeDataString(parts[at + 1]) : null;
    }

    /// <summary>False of AdverseEvent: R4 gives it an identifier, but no search parameter for it, so it can neither be searched nor created by it.</summary>
    public static bool IsFoundByIdentifier(string type) => type != "AdverseEvent";

    /// <summary>The ones that carry our identifier. More than one is a duplicate that a person has to resolve.</summary>
    /// <param name="subject">The patient it is about at the hospital, for types that are found by that only.</param>
    public static async Task<(IReadOnlyList<ResourceDocument> Found, HospitalFault? Fault)> ByIdentifierAsync(HospitalClient client, string type, string system, string value, string? subject, CancellationToken cancel)
    {
        var query = IsFoundByIdentifier(type) ? "identifier=" + Uri.EscapeDataString(system + "|" + value) : "subject=" + Uri.EscapeDataString(subject ?? "");
        return await AllAsync(client, type, query, $"search of {type} by identifier", document => Carries(document, system, value), cancel).ConfigureAwait(false);
    }

    /// <summary>
    /// Observations of the same patient, code and time that say all of what we sent apart from its identifier; forms and documents of the
    /// patient that name our record inside.
    /// </summary>
    public static async Task<(IReadOnlyList<ResourceDocument> Found, HospitalFault? Fault)> ByNatureAsync(HospitalClient client, ResourceDocument sent, string identifier, CancellationToken cancel)
    {
        var root = sent.Root;
        if (DocumentBody.Names(sent, identifier) && root.Child("subject").Child("reference").Text is { } subject)
        {
            return await AllAsync(client, sent.ResourceType, "patient=" + Uri.EscapeDataString(subject), $"search of {sent.ResourceType} by patient", document => DocumentBody.Names(document, identifier), cancel).ConfigureAwait(false);
        }

        var coding = root.Child("code").Child("coding");
        if (sent.ResourceType != "Observation" || root.Child("subject").Child("reference").Text is not { } patient || coding.Child("code").Text is not { } code || root.Child("effective").Text is not { Length: >= 10 } effective)
        {
            return ([], null);
        }

        var query = $"Observation?patient={Uri.EscapeDataString(patient)}&code={Uri.EscapeDataString(coding.Child("system").Text + "|" + code)}&date={effective[..10]}";
        var (page, fault) = SearchPage.Read(await client.GetAsync(query, "search of Observation by code and date", cancel).ConfigureAwait(false), "Observation", client);
        return page is null
            ? ([], fault)
            : ([.. page.Matches.Select(match => match.Document).Where(document => IsSame(document, sent))], null);
    }

    /// <summary>All pages of a search, filtered.</summary>
    private static async Task<(IReadOnlyList<ResourceDocument> Found, HospitalFault? Fault)> AllAsync(HospitalClient client, string type, string query, string what, Func<ResourceDocument, bool> isMeant, CancellationToken cancel)
    {
        var found = new List<ResourceDocument>();
        var visited = new HashSet<string>(StringComparer.Ordinal);
        for (var url = type + "?" + query; url is not null && visited.Add(url);)
        {
            var (page, fault) = SearchPage.Read(await client.GetAsync(url, what, cancel).ConfigureAwait(false), type, client);
            if (page is null)
            {
                return ([], fault);
            }

            found.AddRange(page.Matches.Select(match => match.Document).Where(isMeant));
            url = page.Next;
        }

        return (found, null);
    }

    private static bool Carries(ResourceDocument document, string system, string value)
    {
        foreach (var identifier in document.Root.ChildrenOf("identifier"))
        {
            if (identifier.Child("system").Text == system && identifier.Child("value").Text == value)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSame(ResourceDocument found, ResourceDocument sent)
    {
        foreach (var name in new[] { "code", "effective", "value" })
        {
            var (theirs, ours) = (found.Root.Child(name), sent.Root.Child(name));
            if (theirs.Exists != ours.Exists || (ours.Exists && !Planning.Containment.HoldsJson(theirs.JsonSpan, ours.JsonSpan)))
            {
                return false;
            }
        }

        return true;
    }
}
