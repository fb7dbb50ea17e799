using System.Text.Json.Nodes;
using AtcFhir.R4.Documents;

namespace AtcFhir.Server.Fhir;

/// <summary>From a node of a document to its object in a tree of the same JSON.</summary>
internal static class JsonPlace
{
    /// <summary>The object that holds the children of the node; of a primitive that is its <c>_name</c> twin, made when it is not there.</summary>
    public static JsonObject ObjectOf(JsonObject root, Node node)
    {
        if (node.Element is not { } element)
        {
            return root;
        }

        var owner = ObjectOf(root, node.Parent);
        var name = element.JsonNames.First(name => owner.ContainsKey(name) || owner.ContainsKey("_" + name));
        if (node.IsPrimitive)
        {
            return Twin(owner, "_" + name, element.IsList ? node.Repetition : null);
        }

        return element.IsList ? owner[name]![node.Repetition]!.AsObject() : owner[name]!.AsObject();
    }

    /// <summary>Takes away what is empty now: an element without content is not there. <see href="https://hl7.org/fhir/R4/json.html#json"/></summary>
    /// <returns>True when nothing is left of the node itself.</returns>
    public static bool Prune(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject element:
                foreach (var (name, _) in element.Where(property => Prune(property.Value)).ToList())
                {
                    element.Remove(name);
                }

                return element.Count == 0;
            case JsonArray items:
                foreach (var empty in items.Where(item => item is not null && Prune(item)).ToList())
                {
                    items.Remove(empty);
                }

                return items.Count == 0;
            default:
                return false;
        }
    }

    private static JsonObject Twin(JsonObject owner, string name, int? repetition)
    {
        if (repetition is not { } index)
        {
            return (owner[name] ??= new JsonObject()).AsObject();
        }

        var twins = (owner[name] ??= new JsonArray()).AsArray();
        while (twins.Count <= index)
        {
            twins.Add((JsonNode?)null);
        }

        return (twins[index] ??= new JsonObject()).AsObject();
    }
}
