using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// Which entries of a document belong to it: those that its Composition refers to, directly or not, style sheets, and Provenance of what belongs to it.
/// <see href="https://hl7.org/fhir/R4/documents.html#content"/>
/// </summary>
internal sealed class DocumentGraph
{
    private readonly ReferenceIndex index;
    private readonly List<(Node Entry, Node Resource)> entries = [];
    private readonly Dictionary<int, List<int>> links = [];
    private readonly Dictionary<string, int> definitions = new(StringComparer.Ordinal);

    public DocumentGraph(ReferenceIndex index, Node bundle)
    {
        this.index = index;
        var byFullUrl = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in bundle.ChildrenOf("entry"))
        {
            if (entry.Child("resource") is { Exists: true } resource)
            {
                entries.Add((entry, resource));
                links.TryAdd(resource.Index, []);
                if (entry.Child("fullUrl").Text is { } fullUrl && !byFullUrl.TryAdd(fullUrl, resource.Index))
                {
                    // Versions of one resource: what leads to the first leads to all.
                    links[byFullUrl[fullUrl]].Add(resource.Index);
                }

                if (resource.Child("url").Text is { } url)
                {
                    definitions.TryAdd(url, resource.Index);
                }
            }
        }

        foreach (var (_, resource) in entries)
        {
            Link(resource, resource);
        }
    }

    /// <summary>The entries that do not belong to the document; <c>RefersToIt</c> of one that refers to what does.</summary>
    public IEnumerable<(Node Entry, bool RefersToIt)> Strangers(Node composition)
    {
        var seen = new HashSet<int> { composition.Index };
        var open = new Queue<int>([composition.Index]);
        foreach (var (_, resource) in entries)
        {
            if (IsStyleSheet(resource) && seen.Add(resource.Index))
            {
                open.Enqueue(resource.Index);
            }
        }

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

        return entries.Where(entry => !seen.Contains(entry.Resource.Index)).Select(entry => (entry.Entry, links[entry.Resource.Index].Exists(seen.Contains)));
    }

    private static bool IsStyleSheet(Node resource)
        => resource.Type.Name == "Binary" && resource.Child("contentType").Text?.StartsWith("text/css", StringComparison.OrdinalIgnoreCase) == true;

    private void Link(Node node, Node resource)
    {
        foreach (var child in node.Children)
        {
            if (!child.IsPrimitive)
            {
                if (child.Type.Name == "Reference" && child.Child("reference").Text is { } reference)
                {
                    LinkTo(reference, child, resource);
                }

                Link(child, resource);
            }
            else if (child.Type.Primitive == PrimitiveKind.Xhtml)
            {
                foreach (var url in NarrativeLinks.Of(child.Text ?? ""))
                {
                    LinkTo(url, child, resource);
                }
            }
            else if (child.Type.Primitive is PrimitiveKind.Uri or PrimitiveKind.Url or PrimitiveKind.Canonical && child.Text is { } address)
            {
                LinkTo(address, child, resource);
            }
        }
    }

    private void LinkTo(string address, Node from, Node resource)
    {
        if (address.StartsWith('#'))
        {
            return;
        }

        var found = index.InBundle(address, from);
        if ((found.Count > 0 ? found : index.ByTypeAndId(address)) is { Count: > 0, First: var target })
        {
            Add(resource, target.Index, from);
        }

        if (definitions.TryGetValue(Conformance.ConformanceSource.SplitCanonical(address).Url, out var definition))
        {
            Add(resource, definition, from);
        }
    }

    private void Add(Node resource, int target, Node from)
    {
        if (!links.TryGetValue(target, out var ofTarget))
        {
            return;
        }

        links[resource.Index].Add(target);

        // What belongs to the document takes its Provenance along.
        if (resource.Type.Name == "Provenance" && from.Element?.Path == "Provenance.target")
        {
            ofTarget.Add(resource.Index);
        }
    }
}
