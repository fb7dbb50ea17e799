using System.Text.Json.Nodes;

namespace AtcFhir.Tests.R4.Documents;

/// <summary>One fault of the structure, put into a resource at one place.</summary>
internal sealed record Damage(string Name, Func<JsonObject, string, JsonNode?, bool> Apply)
{
    /// <summary>Each takes the object, the name of a property in it, and its value; false where it cannot be applied.</summary>
    public static IReadOnlyList<Damage> All { get; } =
    [
        new("left out", (owner, name, _) => owner.Remove(name)),
        new("of another name", (owner, name, value) => owner.TryAdd(name + "x", value?.DeepClone())),
        new("a number", (owner, name, _) => Set(owner, name, 17)),
        new("a text", (owner, name, _) => Set(owner, name, "x")),
        new("a text with white space around", (owner, name, value) => IsText(value) && Set(owner, name, $" {value} ")),
        new("a text with a space inside", (owner, name, value) => IsText(value) && Set(owner, name, "x y")),
        new("white space", (owner, name, value) => IsText(value) && Set(owner, name, "  ")),
        new("an empty text", (owner, name, _) => Set(owner, name, "")),
        new("an impossible date", (owner, name, value) => IsText(value) && Set(owner, name, "2020-02-30")),
        new("true", (owner, name, _) => Set(owner, name, true)),
        new("null", (owner, name, _) => Set(owner, name, null)),
        new("an empty object", (owner, name, _) => Set(owner, name, new JsonObject())),
        new("an empty list", (owner, name, _) => Set(owner, name, new JsonArray())),
        new("an object with a value", (owner, name, _) => Set(owner, name, new JsonObject { ["value"] = "x" })),
        new("in a list", (owner, name, value) => Set(owner, name, new JsonArray(value?.DeepClone()))),
        new("out of its list", (owner, name, value) => value is JsonArray { Count: > 0 } list && Set(owner, name, list[0]?.DeepClone())),
        new("with an empty extension beside", (owner, name, value) => value is JsonValue && owner.TryAdd("_" + name, new JsonObject { ["extension"] = new JsonArray() })),
        new("with an id beside", (owner, name, value) => value is JsonValue && name != "resourceType" && owner.TryAdd("_" + name, new JsonObject { ["id"] = "a b" })),
        new("with a text beside", (owner, name, value) => value is JsonValue && owner.TryAdd("_" + name, "x")),
        new("with a list beside that is too long", (owner, name, value) => value is JsonArray { Count: > 0 } list && list[0] is JsonValue
            && owner.TryAdd("_" + name, new JsonArray([.. Enumerable.Range(0, list.Count + 1).Select(i => new JsonObject { ["id"] = "i" })]))),
    ];

    /// <summary>The resource with this fault at some place where it can be, or null.</summary>
    public string? In(byte[] utf8, Random random)
    {
        var root = JsonNode.Parse(utf8)!;
        var places = new List<(JsonObject Owner, string Name)>();
        Collect(root, places);
        for (var tries = 0; tries < 20; tries++)
        {
            var (owner, name) = places[random.Next(places.Count)];
            if (name != "resourceType" && !name.StartsWith('_') && Apply(owner, name, owner[name]))
            {
                return root.ToJsonString();
            }
        }

        return null;
    }

    private static bool Set(JsonObject owner, string name, JsonNode? value)
    {
        owner[name] = value;
        return true;
    }

    private static bool IsText(JsonNode? value) => value is JsonValue text && text.GetValueKind() == System.Text.Json.JsonValueKind.String;

    private static void Collect(JsonNode? node, List<(JsonObject Owner, string Name)> places)
    {
        switch (node)
        {
            case JsonObject owner:
                foreach (var (name, value) in owner)
                {
                    places.Add((owner, name));
                    Collect(value, places);
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    Collect(item, places);
                }

                break;
        }
    }
}
