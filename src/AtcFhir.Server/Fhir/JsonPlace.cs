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
