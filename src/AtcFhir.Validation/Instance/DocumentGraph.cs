using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

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
