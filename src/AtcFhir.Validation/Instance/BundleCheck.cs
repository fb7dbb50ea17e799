using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>Rules of Bundles beyond their invariants. <see href="https://hl7.org/fhir/R4/bundle.html"/></summary>
internal static class BundleCheck
{
    public static void Check(Run run, Node bundle)
    {
        var type = bundle.Child("type").Text;
        var needsFullUrl = type is not ("transaction" or "batch" or "transaction-response" or "batch-response");
        foreach (var entry in bundle.ChildrenOf("entry"))
        {
            CheckEntry(run, entry, needsFullUrl);
        }

        if (type is "document" or "message" or "collection")
        {
            CheckLinks(run, bundle, type);
        }

        if (type == "searchset")
        {
            CheckSearchResults(run, bundle);
        }

        if (type == "document" && bundle.Element is null)
        {
            CheckDocument(run, bundle);
        }
    }

    private static void CheckEntry(Run run, Node entry, bool needsFullUrl)
    {
        var resource = entry.Child("resource");
        Span<char> buffer = stackalloc char[NodeText.Usual];
        Span<char> idBuffer = stackalloc char[NodeText.Usual];
        if (entry.Child("fullUrl") is not { HasValue: true } stated)
        {
            if (needsFullUrl && resource.Exists)
            {
                run.Findings.Add(Rules.FullUrlMissing, entry, "The entry has no fullUrl; in a Bundle of this type it is the identity of the resource.");
            }

            return;
        }

        var fullUrl = stated.Chars(buffer);
        if (!ReferenceIndex.IsAbsolute(fullUrl))
        {
            run.Findings.Add(Rules.FullUrlRelative, entry, "The fullUrl is not absolute.", position: entry.Child("fullUrl"));
            return;
        }

        if (!resource.Exists || ReferenceIndex.RestfulRoot(fullUrl) is not (> 0 and var root))
        {
            return;
        }

        var id = resource.Child("id").Chars(idBuffer);
        if (!resource.Child("id").HasValue)
        {
            run.Findings.Add(Rules.FullUrlMismatch, entry, "The fullUrl is that of a RESTful server, but the resource has no id.", position: entry.Child("fullUrl"));
        }
        else if (ReferenceIndex.WithoutVersion(fullUrl)[root..] is var end && !(end.StartsWith(resource.Type.Name) && end[resource.Type.Name.Length..] is ['/', .. var named] && named.SequenceEqual(id)))
        {
            run.Findings.Add(
                Rules.FullUrlMismatch,
                entry,
                $"The fullUrl is that of a RESTful server; then it ends with the type and id of its resource, /{resource.Type.Name}/{id}.",
                position: entry.Child("fullUrl"));
        }
    }

    private static void CheckSearchResults(Run run, Node bundle)
    {
        foreach (var entry in bundle.ChildrenOf("entry"))
        {
            if (entry.Child("resource") is { Exists: true } resource && resource.Type.Name != "OperationOutcome" && !resource.Child("id").Exists)
            {
                run.Findings.Add(Rules.SearchResultId, resource, "A resource that a search found has an id.");
            }
        }
    }

    private static void CheckLinks(Run run, Node bundle, string type)
    {
        foreach (var link in bundle.ChildrenOf("link"))
        {
            if (link.Child("relation") is { Text: "first" or "previous" or "next" or "last" } relation)
            {
                run.Findings.Add(Rules.LinkRelation, relation, $"The link relation '{relation.Text}' belongs to searches and histories, not to a {type}.");
            }
        }
    }

    /// <summary>What the Composition refers to directly has to be in the document; what is in it has to be reachable.</summary>
    private static void CheckDocument(Run run, Node bundle)
    {
        var composition = bundle.Child("entry").Child("resource");
        if (!composition.Exists || composition.Type.Name != "Composition")
        {
            return;
        }

        var graph = new DocumentGraph(run.References, bundle);
        foreach (var reference in DirectReferences(composition))
        {
            if (reference.Child("reference").Text is not { } text || text.StartsWith('#'))
            {
                continue;
            }

            var matches = run.References.InBundle(text, reference);
            if (matches.Count == 0)
            {
                var same = run.References.ByTypeAndId(text).Count;
                run.Findings.Add(
                    Rules.ReferenceNotInBundle,
                    reference,
                    same > 0
                        ? "No entry of the document has the full URL that this reference makes with the fullUrl of its entry; resources of that type and id are there under other fullUrls."
                        : "The document does not hold the resource that its Composition refers to.");
            }
            else if (matches.Count > 1)
            {
                run.Findings.Add(Rules.AmbiguousReference, reference, $"{matches.Count} entries of the document match this reference.");
            }
        }

        foreach (var entry in graph.NotReachable(composition))
        {
            run.Findings.Add(Rules.EntryNotReachable, entry, "Nothing that starts at the Composition leads to this entry.");
        }
    }

    private static IEnumerable<Node> DirectReferences(Node composition)
    {
        foreach (var name in (string[])["subject", "encounter", "author", "custodian"])
        {
            foreach (var reference in composition.ChildrenOf(name))
            {
                yield return reference;
            }
        }

        foreach (var attester in composition.ChildrenOf("attester"))
        {
            if (attester.Child("party") is { Exists: true } party)
            {
                yield return party;
            }
        }

        foreach (var occasion in composition.ChildrenOf("event"))
        {
            foreach (var detail in occasion.ChildrenOf("detail"))
            {
                yield return detail;
            }
        }

        foreach (var reference in composition.ChildrenOf("section").ToList().SelectMany(Section))
        {
            yield return reference;
        }
    }

    private static IEnumerable<Node> Section(Node section)
    {
        foreach (var name in (string[])["author", "focus", "entry"])
        {
            foreach (var reference in section.ChildrenOf(name))
            {
                yield return reference;
            }
        }

        foreach (var inner in section.ChildrenOf("section").ToList().SelectMany(Section))
        {
            yield return inner;
        }
    }
}

/// <summary>Which entries of a document are linked, forwards or backwards, to its Composition.</summary>
internal sealed class DocumentGraph
{
    private readonly ReferenceIndex index;
    private readonly Dictionary<int, List<int>> links = [];
    private readonly List<(Node Entry, Node Resource)> entries = [];

    public DocumentGraph(ReferenceIndex index, Node bundle)
    {
        this.index = index;
        foreach (var entry in bundle.ChildrenOf("entry"))
        {
            if (entry.Child("resource") is { Exists: true } resource)
            {
                entries.Add((entry, resource));
                links.TryAdd(resource.Index, []);
            }
        }

        foreach (var (_, resource) in entries)
        {
            Link(resource, resource);
        }
    }

    private void Link(Node node, Node resource)
    {
        foreach (var child in node.Children)
        {
            if (child.Type.Name == "Reference" && child.Child("reference").Text is { } text && !text.StartsWith('#'))
            {
                var target = index.Resolve(text, child);
                if (target.Exists && ReferenceEquals(target.Document, resource.Document) && links.TryGetValue(target.Index, out var back))
                {
                    links[resource.Index].Add(target.Index);
                    back.Add(resource.Index);
                }
            }

            if (!child.IsPrimitive)
            {
                Link(child, resource);
            }
        }
    }

    public IEnumerable<Node> NotReachable(Node start)
    {
        var seen = new HashSet<int> { start.Index };
        var open = new Queue<int>([start.Index]);
        while (open.TryDequeue(out var at))
        {
            foreach (var next in links[at])
            {
                if (seen.Add(next))
                {
                    open.Enqueue(next);
                }
            }
        }

        return entries.Where(entry => !seen.Contains(entry.Resource.Index)).Select(entry => entry.Entry);
    }
}
