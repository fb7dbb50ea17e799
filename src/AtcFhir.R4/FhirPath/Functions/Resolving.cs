using System.Runtime.CompilerServices;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath.Evaluating;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>
/// resolve(): the resources that References, URIs and canonicals point to. Contained resources and entries of the enclosing Bundle come first,
/// then the context's resolver; what is not found is left out. <see href="https://hl7.org/fhir/R4/fhirpath.html#functions"/>
/// </summary>
internal sealed class ResolveOperation(int position, Operation input) : Operation(position)
{
    private static readonly ConditionalWeakTable<ResourceDocument, Dictionary<string, int>> Indexes = [];

    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        var list = run.Rent();
        input.Append(run, scope, list);
        for (var i = 0; i < list.Count; i++)
        {
            run.Step();
            var item = list[i];
            var text = item.IsNode && item.Node.Type.Name == "Reference" ? item.Node.Child("reference").Text : item.Text;
            if (text is not null && Find(run, text, item.Node) is { Exists: true } target)
            {
                output.Add(target);
            }
        }

        run.Return(list);
    }

    private static Node Find(Evaluation run, string reference, Node from)
    {
        var origin = from.Exists ? from : run.Focus;
        if (reference.StartsWith('#'))
        {
            return Contained(origin, reference.AsSpan(1));
        }

        if (origin.Exists && origin.Document.ResourceType == "Bundle" && InBundle(origin, reference) is { Exists: true } entry)
        {
            return entry;
        }

        return run.Context.Resolve?.Invoke(reference, from) ?? default;
    }

    private static Node Contained(Node origin, ReadOnlySpan<char> id)
    {
        var container = origin.Resource;
        if (container.Element is { Name: "contained" })
        {
            container = container.Parent.Resource;
        }

        if (id.IsEmpty)
        {
            return container;
        }

        foreach (var resource in container.ChildrenOf("contained"))
        {
            if (resource.Child("id").Text is { } known && id.SequenceEqual(known))
            {
                return resource;
            }
        }

        return default;
    }

    private static Node InBundle(Node origin, string reference)
    {
        var index = Indexes.GetValue(origin.Document, Build);
        var plain = reference.Split('|', '#')[0];
        if (index.TryGetValue(plain, out var at))
        {
            return origin.Document.NodeAt(at);
        }

        // A relative reference is completed by the base of the entry that it stands in.
        var entry = origin;
        while (entry.Exists && entry.Element?.Path != "Bundle.entry")
        {
            entry = entry.Parent;
        }

        if (entry.Exists && entry.Child("fullUrl").Text is { } url && url.Split('/') is { Length: > 2 } parts
            && index.TryGetValue(string.Join('/', parts[..^2]) + "/" + plain, out at))
        {
            return origin.Document.NodeAt(at);
        }

        return default;
    }

    private static Dictionary<string, int> Build(ResourceDocument document)
    {
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in document.Root.ChildrenOf("entry"))
        {
            var resource = entry.Child("resource");
            if (!resource.Exists)
            {
                continue;
            }

            if (entry.Child("fullUrl").Text is { } url)
            {
                index.TryAdd(url, resource.Index);
            }

            if (resource.Child("id").Text is { } id)
            {
                index.TryAdd(resource.Type.Name + "/" + id, resource.Index);
            }

            if (resource.Child("url").Text is { } canonical)
            {
                index.TryAdd(canonical, resource.Index);
            }
        }

        return index;
    }
}
