using System.Runtime.InteropServices;
using System.Text.Json;
using AtcFhir.R4.Documents;

namespace AtcFhir.Sync.Hospital;

/// <summary>One entry of a search page.</summary>
/// <param name="LastUpdated">meta.lastUpdated as written, to be sent back as written.</param>
internal sealed record PageEntry(ResourceDocument Document, string? LastUpdated);

/// <summary>
/// A page of a search, believed only as far as it is consistent: a searchset of what was asked for. <see href="https://hl7.org/fhir/R4/search.html"/>
/// </summary>
/// <param name="Matches">The resources of the type that was asked for.</param>
/// <param name="Next">Path and query relative to the hospital's base; null on the last page.</param>
/// <param name="SelfParameters">Names of the parameters that the server says it used; null when it does not say.</param>
internal sealed record SearchPage(IReadOnlyList<PageEntry> Matches, string? Next, IReadOnlySet<string>? SelfParameters, DateTimeOffset? Date)
{
    public static (SearchPage? Page, HospitalFault? Fault) Read(HospitalReply reply, string type, HospitalClient client)
    {
        if (reply.Fault is { } fault)
        {
            return (null, fault);
        }

        if (!reply.IsSuccess || reply.Body is null)
        {
            return (null, new(HospitalFaultKind.Refused, $"search of {type}: answered {reply.Status}"));
        }

        using var document = JsonDocument.Parse(reply.Body.Utf8);
        var root = document.RootElement;
        if (reply.Body.ResourceType != "Bundle" || TextOf(root, "type") is not "searchset")
        {
            return (null, NotUsable(type, "the answer is not a searchset Bundle"));
        }

        var matches = new List<PageEntry>();
        foreach (var entry in Array(root, "entry"))
        {
            if (!entry.TryGetProperty("resource", out var resource) || resource.ValueKind != JsonValueKind.Object)
            {
                return (null, NotUsable(type, "an entry has no resource"));
            }

            var mode = entry.TryGetProperty("search", out var search) ? TextOf(search, "mode") : null;
            var entryType = TextOf(resource, "resourceType");
            if (entryType == "OperationOutcome")
            {
                if (HasError(resource))
                {
                    return (null, NotUsable(type, "the server says inside the page that the result is not complete"));
                }

                continue;
            }

            if (mode is "include" or "outcome")
            {
                continue;
            }

            if (entryType != type)
            {
                return (null, NotUsable(type, "the page has a resource of another type"));
            }

            if (!ResourceDocument.Parse(JsonMarshal.GetRawUtf8Value(resource).ToArray()).TryGet(out var read, out _))
            {
                return (null, NotUsable(type, "an entry cannot be read as a resource"));
            }

            if (read.Id is not { Length: > 0 })
            {
                return (null, NotUsable(type, "an entry has no id"));
            }

            matches.Add(new PageEntry(read, resource.TryGetProperty("meta", out var meta) ? TextOf(meta, "lastUpdated") : null));
        }

        var (next, nextFault) = Rebase(LinkOf(root, "next"), client);
        return nextFault is null
            ? (new SearchPage(matches, next, ParametersOf(LinkOf(root, "self")), reply.Date), null)
            : (null, NotUsable(type, nextFault));
    }

    /// <summary>
    /// A next link is never followed to where it says, only to where we already are: its path and query on the hospital's own base. A link to a
    /// host that is not known by that name is refused, since following it would send our token, or our request, to somebody else.
    /// </summary>
    internal static (string? Relative, string? Fault) Rebase(string? link, HospitalClient client)
    {
        if (link is null)
        {
            return (null, null);
        }

        if (!Uri.TryCreate(client.Base, link, out var target))
        {
            return (null, "the next link is not a URL");
        }

        var isOwn = target.Host.Equals(client.Base.Host, StringComparison.OrdinalIgnoreCase)
            || client.Options.AllowedHosts.Contains(target.Host, StringComparer.OrdinalIgnoreCase)
            || client.Options.AllowedHosts.Contains(target.Authority, StringComparer.OrdinalIgnoreCase);
        if (!isOwn || target.Scheme is not ("http" or "https"))
        {
            return (null, "the next link leads to another host; if that is the same server, name it in AllowedHosts");
        }

        var path = target.AbsolutePath;
        var basePath = client.Base.AbsolutePath;
        // "/base?_getpages=…" is below the base too, though it lacks its slash.
        return path.StartsWith(basePath, StringComparison.Ordinal) ? (path[basePath.Length..] + target.Query, null)
            : path + "/" == basePath ? ("../" + basePath.TrimEnd('/').Split('/')[^1] + target.Query, null)
            : (null, "the next link leads out of the server's FHIR base");
    }

    private static HospitalFault NotUsable(string type, string what) => new(HospitalFaultKind.NotUsable, $"search of {type}: {what}");

    private static string? LinkOf(JsonElement bundle, string relation)
    {
        foreach (var link in Array(bundle, "link"))
        {
            if (TextOf(link, "relation") == relation)
            {
                return TextOf(link, "url");
            }
        }

        return null;
    }

    private static HashSet<string>? ParametersOf(string? self)
    {
        if (self is null || self.IndexOf('?', StringComparison.Ordinal) is var at && at < 0)
        {
            return null;
        }

        return [.. self[(at + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => Uri.UnescapeDataString(pair.Split('=')[0].Split(':')[0]))];
    }

    private static bool HasError(JsonElement outcome) => Array(outcome, "issue").Any(issue => TextOf(issue, "severity") is "error" or "fatal" || TextOf(issue, "code") is "incomplete" or "too-costly");

    private static string? TextOf(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement.ArrayEnumerator Array(JsonElement element, string name)
        => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default;
}
