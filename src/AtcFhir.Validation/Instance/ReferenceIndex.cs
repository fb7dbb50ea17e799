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
    /// <summary>Longer ones are looked up too, but cost memory.</summary>
    private const int LongestUrl = 512;

    /// <summary>No server takes a longer one; joined to each relative reference of its entry it would take as long as the two multiplied.</summary>
    private const int LongestRoot = 8_192;

    private const string UuidPrefix = "urn:uuid:";
    private const string VersionMark = "/_history/";

    /// <summary>Up to here a look-up goes through the contained resources one by one.</summary>
    private const int FewContained = 64;

    private static readonly ConditionalWeakTable<ResourceDocument, ConcurrentDictionary<int, Dictionary<string, Node>>> Many = [];

    private readonly NodesByText byFullUrl = new();
    private readonly NodesByText byTypeAndId = new();
    private readonly NodesByText byVersion = new();
    private Func<string, ResourceDocument?>? outside;
    private Dictionary<string, ResourceDocument?>? fetched;
    private Node bundle;
    private bool hasVersions;
    private Node lastEntry;
    private char[] lastRoot = new char[NodeText.Usual];
    private int lastRootLength;

    /// <summary>Of a document that is no Bundle, only contained resources are found, and what the caller has.</summary>
    public void Begin(ResourceDocument document, Func<string, ResourceDocument?>? outside)
    {
        this.outside = outside;
        IsBundle = document.ResourceType == "Bundle";
        if (IsBundle)
        {
            bundle = document.Root;
            IndexEntries();
        }
        else if (document.ResourceType == "Parameters")
        {
            foreach (var parameter in document.Root.ChildrenOf("parameter"))
            {
                IndexResource(parameter.Child("resource"));
            }
        }
    }

    /// <summary>Nothing of the document stays referenced.</summary>
    public void End()
    {
        byFullUrl.Clear();
        byTypeAndId.Clear();
        byVersion.Clear();
        (outside, fetched, bundle, lastEntry, hasVersions) = (null, null, default, default, false);
    }

    public bool IsBundle { get; private set; }

    /// <summary>False when only contained resources can be found.</summary>
    public bool HasTargets => byFullUrl.Count > 0 || byTypeAndId.Count > 0 || outside is not null;

    private void IndexEntries()
    {
        Span<char> buffer = stackalloc char[NodeText.Usual];
        foreach (var entry in bundle.ChildrenOf("entry"))
        {
            var resource = entry.Child("resource");
            if (!resource.Exists)
            {
                continue;
            }

            if (entry.Child("fullUrl") is { HasValue: true } fullUrl)
            {
                byFullUrl.Add(fullUrl.Chars(buffer), resource);
            }

            IndexResource(resource);
        }
    }

    private void IndexResource(Node resource)
    {
        if (resource.Exists && resource.Child("id") is { HasValue: true } id)
        {
            Span<char> buffer = stackalloc char[NodeText.Usual];
            Span<char> key = stackalloc char[LongestUrl];
            byTypeAndId.Add(Joined(resource.Type.Name, "/", id.Chars(buffer), key), resource);
        }
    }

    /// <summary>For the first reference that has a version.</summary>
    private void IndexVersions()
    {
        hasVersions = true;
        Span<char> buffer = stackalloc char[NodeText.Usual];
        Span<char> versionBuffer = stackalloc char[NodeText.Usual];
        Span<char> key = stackalloc char[LongestUrl];
        foreach (var entry in bundle.ChildrenOf("entry"))
        {
            if (entry.Child("resource") is { Exists: true } resource && entry.Child("fullUrl") is { HasValue: true } fullUrl)
            {
                var version = resource.Child("meta").Child("versionId").Chars(versionBuffer);
                byVersion.Add(Joined(fullUrl.Chars(buffer), VersionMark, version, key), resource);
            }
        }
    }

    /// <summary>The target, or no node.</summary>
    public Node Resolve(ReadOnlySpan<char> reference, Node from)
    {
        if (reference is ['#', ..])
        {
            return Contained(reference[1..], from);
        }

        if (InBundle(reference, from) is { Count: > 0 } inBundle)
        {
            return inBundle.First;
        }

        // By type and id alone: not what the rules of Bundles say, but better than nothing where nothing contradicts.
        var plain = WithoutVersion(reference);
        if (byTypeAndId[plain] is { Count: 1 } same && MayHaveVersion(same.First, VersionOf(reference)))
        {
            return same.First;
        }

        // Relative references to entries that are known by urn:uuid only.
        var slash = plain.LastIndexOf('/');
        Span<char> buffer = stackalloc char[LongestUrl];
        if (slash > 0 && byFullUrl[Joined(UuidPrefix, "", plain[(slash + 1)..], buffer)] is { Count: 1 } byUuid)
        {
            return byUuid.First;
        }

        return outside is null ? default : Outside(reference.ToString());
    }

    private static bool MayHaveVersion(Node resource, ReadOnlySpan<char> version)
    {
        Span<char> buffer = stackalloc char[NodeText.Usual];
        return version.IsEmpty || resource.Child("meta").Child("versionId") is not { HasValue: true } stated || stated.Chars(buffer).SequenceEqual(version);
    }

    private Node Outside(string reference)
    {
        if (!(fetched ??= new Dictionary<string, ResourceDocument?>(StringComparer.Ordinal)).TryGetValue(reference, out var document))
        {
            document = outside!(reference);
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

    /// <summary>The entries that match by the rules of Bundles: by fullUrl, relative ones made absolute with the root of the entry that they stand in.</summary>
    public NodeMatches InBundle(ReadOnlySpan<char> reference, Node from)
    {
        if (byFullUrl.Count == 0)
        {
            return default;
        }

        Span<char> buffer = stackalloc char[LongestUrl];
        scoped var absolute = WithoutVersion(reference);
        if (!IsAbsolute(absolute))
        {
            var root = RootAround(from);
            if (root.IsEmpty)
            {
                return default;
            }

            absolute = Joined(root, "", absolute, buffer);
        }

        if (byFullUrl[reference] is { Count: > 0 } exact)
        {
            return exact;
        }

        var matches = byFullUrl[absolute];
        return matches.Count == 0 || VersionOf(reference) is not { IsEmpty: false } version ? matches : OfVersion(absolute, version);
    }

    /// <summary>An entry that does not say its version may be any.</summary>
    private NodeMatches OfVersion(ReadOnlySpan<char> fullUrl, ReadOnlySpan<char> version)
    {
        if (!hasVersions)
        {
            IndexVersions();
        }

        Span<char> key = stackalloc char[LongestUrl];
        var same = byVersion[Joined(fullUrl, VersionMark, version, key)];
        var silent = byVersion[Joined(fullUrl, VersionMark, "", key)];
        var first = same.Count == 0 || (silent.Count > 0 && silent.First.Index < same.First.Index) ? silent.First : same.First;
        return new NodeMatches(first, same.Count + silent.Count);
    }

    /// <summary>References of one entry come one after the other, and all have the same root; empty where there is none.</summary>
    private ReadOnlySpan<char> RootAround(Node from)
    {
        var entry = from;
        while (entry.Exists && entry.Type.Name != "Bundle.entry")
        {
            entry = entry.Parent;
        }

        if (entry != lastEntry)
        {
            Span<char> buffer = stackalloc char[NodeText.Usual];
            var fullUrl = entry.Child("fullUrl").Chars(buffer);
            (lastEntry, lastRootLength) = (entry, RestfulRoot(fullUrl) is <= LongestRoot and var length ? length : 0);
            lastRoot = lastRootLength > lastRoot.Length ? new char[LongestRoot] : lastRoot;
            fullUrl[..lastRootLength].CopyTo(lastRoot);
        }

        return entry.Exists ? lastRoot.AsSpan(0, lastRootLength) : default;
    }

    /// <summary>The entries with that type and id, whatever their fullUrl.</summary>
    public NodeMatches ByTypeAndId(ReadOnlySpan<char> reference) => byTypeAndId[WithoutVersion(reference)];

    /// <param name="buffer">Long enough for what is usual; longer texts are made anew.</param>
    private static ReadOnlySpan<char> Joined(ReadOnlySpan<char> start, ReadOnlySpan<char> middle, ReadOnlySpan<char> end, Span<char> buffer)
        => buffer.TryWrite($"{start}{middle}{end}", out var length) ? buffer[..length] : string.Concat(start, middle, end);

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
        => reference.IndexOf(VersionMark) is var at and >= 0 ? reference[..at] : reference;

    /// <summary>Empty when the reference names none.</summary>
    public static ReadOnlySpan<char> VersionOf(ReadOnlySpan<char> reference)
        => reference.IndexOf(VersionMark) is var at and >= 0 ? reference[(at + VersionMark.Length)..] : default;

    public static bool IsAbsolute(ReadOnlySpan<char> reference)
    {
        var colon = reference.IndexOf(':');
        return colon > 0 && reference[..colon].IndexOfAny('/', '?', '#') < 0;
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
