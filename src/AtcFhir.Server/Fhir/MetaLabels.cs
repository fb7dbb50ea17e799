using System.Text.Json.Nodes;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// A meta as JSON, with its profiles, tags and security labels as sets: a label is the same when system and code are.
/// <see href="https://hl7.org/fhir/R4/resource.html#Meta"/>
/// </summary>
internal sealed class MetaLabels(JsonObject meta)
{
    private static readonly string[] Lists = ["profile", "security", "tag"];

    /// <summary>That of a stored resource, whole.</summary>
    public static MetaLabels Of(ReadOnlyMemory<byte> resource)
        => new(JsonNode.Parse(resource.Span, nodeOptions: null, Json.Options)!["meta"]?.DeepClone().AsObject() ?? new());

    public JsonObject ToJson() => meta;

    /// <summary>Adds the labels of the other that are not there yet.</summary>
    public void Add(MetaLabels other)
    {
        foreach (var (list, item) in other.Items())
        {
            if (IndexOf(list, item) < 0)
            {
                (meta[list] ??= new JsonArray()).AsArray().Add(item.DeepClone());
            }
        }
    }

    /// <summary>Takes away the labels of the other.</summary>
    public void Remove(MetaLabels other)
    {
        foreach (var (list, item) in other.Items())
        {
            if (IndexOf(list, item) is >= 0 and var index)
            {
                meta[list]!.AsArray().RemoveAt(index);
                if (meta[list]!.AsArray().Count == 0)
                {
                    meta.Remove(list);
                }
            }
        }
    }

    private IEnumerable<(string List, JsonNode Item)> Items()
        => Lists.SelectMany(list => (meta[list] as JsonArray ?? []).OfType<JsonNode>().Select(item => (list, item)));

    private int IndexOf(string list, JsonNode item)
    {
        if (meta[list] is JsonArray items)
        {
            for (var index = 0; index < items.Count; index++)
            {
                if (Key(items[index]) == Key(item))
                {
                    return index;
                }
            }
        }

        return -1;
    }

    private static (string?, string?) Key(JsonNode? item) => item is JsonObject coding
        ? ((string?)coding["system"], (string?)coding["code"])
        : (null, (string?)item);
}
