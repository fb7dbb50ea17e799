using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// Where references lead: contained resources, entries of the Bundle (hashed once, so that each look-up is O(1)), or outside through the caller.
/// <see href="https://hl7.org/fhir/R4/bundle.html#references"/>
/// </summary>
internal sealed class ReferenceIndex
{
    private const int LongestUrl = 512;
    private const string UuidPrefix = "urn:uuid:";

    /// <summary>Up to here a look-up goes through the contained resources one by one.</summary>
    private const int FewContained = 64;

    private static readonly ConditionalWeakTable<ResourceDocument, ConcurrentDictionary<int, Dictionary<string, Node>>> Many = [];

    private readonly Func<string, ResourceDocument?>? outside;
    private static readonly Dictionary<string, List<Node>> Nothing = [];

    private readonly Dictionary<string, List<Node>> byFullUrl = Nothing;
    private readonly Dictionary<string, List<Node>> byTypeAndId = Nothing;
    private Dictionary<string, EntryVersions>? versions;
    private Dictionary<string, ResourceDocument?>? fetched;
    private Node lastEntry;
    private string? lastRoot;

    private ReferenceIndex()
    {
    }

    /// <summary>Of a document that has nothing but contained resources to refer to.</summary>
    private static ReferenceIndex Alone { get; } = new();

    public static ReferenceIndex Of(ResourceDocument document, Func<string, ResourceDocument?>? outside)
        => outside is null && document.ResourceType is not ("Bundle" or "Parameters") ? Alone : new ReferenceIndex(document, outside);

    private ReferenceIndex(ResourceDocument document, Func<string, ResourceDocument?>? outside)
    {
        this.outside = outside;
        IsBundle = document.ResourceType == "Bundle";
        if (IsBundle || document.ResourceType == "Parameters")
        {
            byFullUrl = new Dictionary<string, List<Node>>(StringComparer.Ordinal);
            byTypeAndId = new Dictionary<string, List<Node>>(StringComparer.Ordinal);
            IndexEntries(document.Root);
        }
    }

    public bool IsBundle { get; }

    /// <summary>False when only contained resources can be found.</summary>
    public bool HasTargets => byFullUrl.Count > 0 || byTypeAndId.Count > 0 || outside is not null;

    private void IndexEntries(Node root)
    {
        if (root.Type.Name == "Parameters")
        {
            foreach (var parameter in root.ChildrenOf("parameter"))
            {
                IndexResource(parameter.Child("resource"));
            }
        }

        if (root.Type.Name != "Bundle")
        {
            return;
        }

        foreach (var entry in root.ChildrenOf("entry"))
        {
            var resource = entry.Child("resource");
            if (!resource.Exists)
            {
                continue;
            }

            if (entry.Child("fullUrl").Text is { } fullUrl)
            {
                Add(byFullUrl, fullUrl, resource);
            }

            IndexResource(resource);
        }
    }

    private void IndexResource(Node resource)
    {
        if (resource.Exists && resource.Child("id").Text is { } id)
        {
            Add(byTypeAndId, resource.Type.Name + "/" + id, resource);
        }
    }

    private static void Add(Dictionary<string, List<Node>> index, string key, Node node)
    {
        if (!index.TryGetValue(key, out var list))
        {
            index[key] = list = new List<Node>(1);
        }

        list.Add(node);
    }

    /// <summary>The target, or no node. In the usual case, an entry by its full URL or by type and id, no string is made.</summary>
    public Node Resolve(ReadOnlySpan<char> reference, Node from)
    {
        if (byFullUrl.Count > 0 && reference is not ['#', ..] && reference.IndexOf("/_history/") < 0)
        {
            var byUrl = byFullUrl.GetAlternateLookup<ReadOnlySpan<char>>();
            var root = IsAbsolute(reference) ? "" : RootAround(from);
            Span<char> absolute = stackalloc char[LongestUrl];
            if (root is not null && root.Length + reference.Length <= LongestUrl)
            {
                root.CopyTo(absolute);
                reference.CopyTo(absolute[root.Length..]);
                if (byUrl.TryGetValue(reference, out var matches) || byUrl.TryGetValue(absolute[..(root.Length + reference.Length)], out matches))
                {
                    return matches[0];
                }
            }

            if (root is null || root.Length + reference.Length <= LongestUrl)
            {
                if (byTypeAndId.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(reference, out var same) && same.Count == 1)
                {
                    return same[0];
                }

                if (outside is null && reference.Length + UuidPrefix.Length <= LongestUrl)
                {
                    UuidPrefix.CopyTo(absolute);
                    var id = reference[(reference.LastIndexOf('/') + 1)..];
                    id.CopyTo(absolute[UuidPrefix.Length..]);
                    return id.Length < reference.Length - 1 && byUrl.TryGetValue(absolute[..(UuidPrefix.Length + id.Length)], out var byUuid) && byUuid.Count == 1 ? byUuid[0] : default;
                }
            }
        }

        return Resolve(reference.ToString(), from);
    }

    /// <summary>The target, or no node.</summary>
    public Node Resolve(string reference, Node from)
    {
        if (reference.StartsWith('#'))
        {
            return Contained(reference.AsSpan(1), from);
        }

        var inBundle = InBundle(reference, from);
        if (inBundle.Count > 0)
        {
            return inBundle[0];
        }

        // By type and id alone: not what the rules of Bundles say, but better than nothing where nothing contradicts.
        var (plain, version) = SplitVersion(reference);
        if (byTypeAndId.TryGetValue(plain, out var same) && same.Count == 1 && (version is null || same[0].Child("meta").Child("versionId").Text is not { } stated || stated == version))
        {
            return same[0];
        }

        // Relative references to entries that are known by urn:uuid only.
        var slash = plain.LastIndexOf('/');
        if (slash > 0 && byFullUrl.TryGetValue(UuidPrefix + plain[(slash + 1)..], out var byUuid) && byUuid.Count == 1)
        {
            return byUuid[0];
        }

        return Outside(reference);
    }

    private Node Outside(string reference)
    {
        if (outside is null)
        {
            return default;
        }

        if (!(fetched ??= new Dictionary<string, ResourceDocument?>(StringComparer.Ordinal)).TryGetValue(reference, out var document))
        {
            document = outside(reference);
            fetched[reference] = document;
        }

        return document?.Root ?? default;
    }

    /// <summary>"#id", and "#" for the container itself.</summary>
    public static Node Contained(ReadOnlySpan<char> id, Node from)
    {
        var container = Container(from);
        if (id.Length == 0)
        {
            return container;
        }

        Span<char> buffer = stackalloc char[NodeText.Usual];
        var seen = 0;
        foreach (var contained in container.ChildrenOf("contained"))
        {
            if (++seen > FewContained)
            {
                return ContainedOfMany(container).GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out var found) ? found : default;
            }

            var text = contained.Child("id").Chars(buffer);
            if (text.SequenceEqual(id) || (text is ['#', ..] && text[1..].SequenceEqual(id)))
            {
                return contained;
            }
        }

        return default;
    }

    /// <summary>By id, made once for a document; only hostile ones have so many.</summary>
    private static Dictionary<string, Node> ContainedOfMany(Node container)
        => Many.GetOrCreateValue(container.Document).GetOrAdd(container.Index, static (_, holder) =>
        {
            var byId = new Dictionary<string, Node>(StringComparer.Ordinal);
            foreach (var contained in holder.ChildrenOf("contained"))
            {
                byId.TryAdd((contained.Child("id").Text ?? "").TrimStart('#'), contained);
            }

            return byId;
        }, container);

    /// <summary>The resource that holds the contained ones: the one around, when the node stands in a contained resource.</summary>
    public static Node Container(Node from)
    {
        var resource = from.Resource;
        while (resource.Exists && resource.Element is { Name: "contained" })
        {
            resource = resource.Parent.Resource;
        }

        return resource;
    }

    /// <summary>
    /// The entries that match by the rules of Bundles: by fullUrl, relative ones made absolute with the root of the entry that they stand in.
    /// Of those with a version two at most, which is enough to tell one from several.
    /// </summary>
    public IReadOnlyList<Node> InBundle(string reference, Node from)
    {
        if (byFullUrl.Count == 0)
        {
            return [];
        }

        var (plain, version) = SplitVersion(reference);
        var absolute = plain;
        if (!IsAbsolute(plain))
        {
            if (RootAround(from) is not { } root)
            {
                return [];
            }

            absolute = root + plain;
        }

        if (byFullUrl.TryGetValue(reference, out var exact))
        {
            return exact;
        }

        if (!byFullUrl.TryGetValue(absolute, out var matches))
        {
            return [];
        }

        if (version is null)
        {
            return matches;
        }

        if (!(versions ??= new Dictionary<string, EntryVersions>(StringComparer.Ordinal)).TryGetValue(absolute, out var known))
        {
            versions[absolute] = known = new EntryVersions(matches);
        }

        return known.Of(version);
    }

    /// <summary>References of one entry come one after the other, and all have the same root.</summary>
    private string? RootAround(Node from)
    {
        var entry = from;
        while (entry.Exists && entry.Type.Name != "Bundle.entry")
        {
            entry = entry.Parent;
        }

        if (entry.Exists && entry != lastEntry)
        {
            Span<char> buffer = stackalloc char[NodeText.Usual];
            var fullUrl = entry.Child("fullUrl").Chars(buffer);
            var root = fullUrl[..RestfulRoot(fullUrl)];

            // Mostly the entries of a Bundle come from one server.
            (lastEntry, lastRoot) = (entry, root.IsEmpty ? null : root.SequenceEqual(lastRoot) ? lastRoot : root.ToString());
        }

        return entry.Exists ? lastRoot : null;
    }

    /// <summary>The entries with that type and id, whatever their fullUrl.</summary>
    public IReadOnlyList<Node> ByTypeAndId(string reference) => byTypeAndId.GetValueOrDefault(SplitVersion(reference).Plain, []);

    /// <summary>The length of "http://example.org/fhir/" in "http://example.org/fhir/Patient/1"; 0 when it is not of that form.</summary>
    public static int RestfulRoot(ReadOnlySpan<char> fullUrl)
    {
        if (!fullUrl.StartsWith("http"))
        {
            return 0;
        }

        var plain = WithoutVersion(fullUrl);
        var last = plain.LastIndexOf('/');
        var before = last > 0 ? plain[..last].LastIndexOf('/') : -1;
        return before > 0 && Resource(plain[(before + 1)..last]) is not null ? before + 1 : 0;
    }

    public static ReadOnlySpan<char> WithoutVersion(ReadOnlySpan<char> reference)
        => reference.IndexOf("/_history/") is var at and >= 0 ? reference[..at] : reference;

    public static bool IsAbsolute(ReadOnlySpan<char> reference)
    {
        var colon = reference.IndexOf(':');
        return colon > 0 && reference[..colon].IndexOfAny('/', '?', '#') < 0;
    }

    public static (string Plain, string? Version) SplitVersion(string reference)
    {
        var at = reference.IndexOf("/_history/", StringComparison.Ordinal);
        return at < 0 ? (reference, null) : (reference[..at], reference[(at + 10)..]);
    }

    /// <summary>The type that the text of a reference names, or null: "Patient/1", "http://example.org/fhir/Patient/1", "Patient?identifier=1".</summary>
    public static TypeSchema? TypeInText(ReadOnlySpan<char> reference)
    {
        var plain = WithoutVersion(reference);
        var question = plain.IndexOf('?');
        if (question > 0)
        {
            return IsAbsolute(plain) ? null : Resource(plain[..question]);
        }

        var last = plain.LastIndexOf('/');
        if (last <= 0)
        {
            return null;
        }

        var before = plain[..last].LastIndexOf('/');
        return before >= 0 && !IsAbsolute(plain) ? null : Resource(plain[(before + 1)..last]);
    }

    private static TypeSchema? Resource(ReadOnlySpan<char> name)
    {
        Span<byte> utf8 = stackalloc byte[64];
        return System.Text.Encoding.UTF8.TryGetBytes(name, utf8, out var written) ? R4Definitions.FindResource(utf8[..written]) : null;
    }
}
