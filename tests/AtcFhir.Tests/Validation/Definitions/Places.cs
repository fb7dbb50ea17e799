using AtcFhir.R4.Definitions;

namespace AtcFhir.Tests.Validation.Definitions;

/// <summary>Where the elements of a type stand in a resource.</summary>
internal static class Places
{
    private static readonly Lazy<Dictionary<TypeSchema, (TypeSchema Resource, Step[] Path)>> Hosts = new(FindHosts);

    /// <summary>Every element of the type and of the backbones in it, each once with each of its types: the resource, and the path to the element.</summary>
    public static IEnumerable<(TypeSchema Resource, Step[] Path)> In(TypeSchema root)
    {
        var (resource, start) = root.IsResource ? (root, []) : Hosts.Value.GetValueOrDefault(root);
        return resource is null ? [] : In(resource, start, root, []);
    }

    private static IEnumerable<(TypeSchema, Step[])> In(TypeSchema resource, Step[] path, TypeSchema type, HashSet<TypeSchema> seen)
    {
        if (!seen.Add(type))
        {
            yield break;
        }

        foreach (var element in type.Elements)
        {
            // extension and its like are checked with Extension itself; of the fifty types of an open choice, six do.
            var types = element.Types.Count > 20 ? 6 : element.Types.Count;
            for (var i = 0; i < types; i++)
            {
                Step[] here = [.. path, new Step(element, i)];
                yield return (resource, here);
                if (element.Types[i].Type is { Kind: TypeKind.Backbone } backbone)
                {
                    foreach (var inner in In(resource, here, backbone, seen))
                    {
                        yield return inner;
                    }
                }
            }
        }
    }

    /// <summary>For each data type one element that has it, in a resource that is small.</summary>
    private static Dictionary<TypeSchema, (TypeSchema Resource, Step[] Path)> FindHosts()
    {
        var found = new Dictionary<TypeSchema, (TypeSchema, Step[])>();
        var preferred = new[] { "Patient", "Observation", "Basic", "PlanDefinition", "StructureDefinition" }.Select(name => R4Definitions.Find(name)!);
        foreach (var resource in preferred.Concat(R4Definitions.Types.Where(type => type is { IsResource: true, IsAbstract: false })))
        {
            foreach (var (host, path) in In(resource, [], resource, []))
            {
                // An identity or a narrative has its own rules; a nested one is made as it is.
                found.TryAdd(path[^1].ElementType.Type, (host, path));
            }
        }

        // Those that only stand in other data types.
        foreach (var (type, (resource, path)) in found.ToList())
        {
            if (type is { Kind: TypeKind.Complex, IsAbstract: false })
            {
                foreach (var (_, inner) in In(resource, path, type, []))
                {
                    found.TryAdd(inner[^1].ElementType.Type, (resource, inner));
                }
            }
        }

        return found;
    }
}
