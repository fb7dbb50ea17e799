using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Profiles;

/// <summary>
/// One element of a profile as a tree: its children in order, and its slices beside it. A snapshot is this tree read depth first,
/// each element followed by its children and then its slices. Built once; after that only read.
/// </summary>
internal sealed class ElementNode(ElementModel model, ElementNode? parent)
{
    public ElementModel Model { get; set; } = model;

    public ElementNode? Parent { get; } = parent;

    public List<ElementNode> Children { get; } = [];

    /// <summary>Slices of this element, reslices ("a/b") among them; a slice has none of its own.</summary>
    public List<ElementNode> Slices { get; } = [];

    /// <summary>"value[x]".</summary>
    public string Name => Model.Name;

    public ElementNode? Child(string name)
    {
        foreach (var child in Children)
        {
            if (child.Name == name)
            {
                return child;
            }
        }

        return null;
    }

    public ElementNode? Slice(string sliceName)
    {
        foreach (var slice in Slices)
        {
            if (slice.Model.SliceName == sliceName)
            {
                return slice;
            }
        }

        return null;
    }

    /// <summary>The tree of a snapshot. The order of the list decides what belongs to which slice, since paths do not tell.</summary>
    public static ElementNode? FromSnapshot(IReadOnlyList<ElementModel> elements)
    {
        if (elements.Count == 0)
        {
            return null;
        }

        var root = new ElementNode(elements[0], null);
        var open = new List<ElementNode> { root };
        for (var i = 1; i < elements.Count; i++)
        {
            var element = elements[i];
            var depth = element.Path.Count(c => c == '.');
            if (depth == 0 || open.Count < depth)
            {
                continue;
            }

            open.RemoveRange(depth, open.Count - depth);
            open.Add(Add(open[depth - 1], element));
        }

        return root;
    }

    private static ElementNode Add(ElementNode parent, ElementModel element)
    {
        var node = new ElementNode(element, parent);
        var same = parent.Child(element.Name);
        if (same is not null && element.SliceName is not null)
        {
            same.Slices.Add(node);
        }
        else
        {
            parent.Children.Add(node);
        }

        return node;
    }

    /// <summary>Copies the subtree under another parent, with ids and paths that fit there.</summary>
    public ElementNode CopyTo(ElementNode? newParent, string id, string path)
    {
        var copy = new ElementNode(Model with { Id = id, Path = path }, newParent);
        CopyBelow(copy);
        return copy;
    }

    /// <summary>Copies children and slices below another node.</summary>
    public void CopyBelow(ElementNode target, bool withSlices = true)
    {
        foreach (var child in Children)
        {
            target.Children.Add(child.CopyTo(target, target.Model.Id + "." + child.Name, target.Model.Path + "." + child.Name));
        }

        if (withSlices)
        {
            foreach (var slice in Slices)
            {
                target.Slices.Add(slice.CopyTo(target.Parent, Unsliced(target.Model.Id) + ":" + slice.Model.SliceName, target.Model.Path));
            }
        }
    }

    /// <summary>Depth first, in snapshot order.</summary>
    public IEnumerable<ElementNode> Flatten()
    {
        yield return this;
        foreach (var below in Children.SelectMany(child => child.Flatten()))
        {
            yield return below;
        }

        foreach (var below in Slices.SelectMany(slice => slice.Flatten()))
        {
            yield return below;
        }
    }

    private static string Unsliced(string id)
    {
        var colon = id.LastIndexOf(':');
        return colon > id.LastIndexOf('.') ? id[..colon] : id;
    }

    public override string ToString() => Model.Id;
}
