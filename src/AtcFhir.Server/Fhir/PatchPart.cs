using System.Text.Json.Nodes;
using AtcFhir.R4.Definitions;

namespace AtcFhir.Server.Fhir;

/// <summary>The parts of an operation of a FHIRPath Patch, as they are written. The other way round it is <see cref="PatchValue"/>.</summary>
internal static class PatchPart
{
    private static readonly ElementSchema Open = R4Definitions.Find("Extension")!.Find("value")!;

    public static JsonObject Code(string name, string value) => new() { ["name"] = name, ["valueCode"] = value };

    public static JsonObject Text(string name, string value) => new() { ["name"] = name, ["valueString"] = value };

    public static JsonObject Number(string name, int value) => new() { ["name"] = name, ["valueInteger"] = value };

    /// <summary>The value under its type; of a type that value[x] does not take (a backbone element, Narrative, Extension) part by part.</summary>
    public static JsonObject Value(ElementSchema element, PatchValue value) => Value("value", element, value);

    /// <summary>The type of a value that is an object; null of a primitive.</summary>
    public static TypeSchema? TypeOf(ElementSchema element, PatchValue value)
    {
        if (value.Value is not JsonObject content)
        {
            return null;
        }

        if ((string?)content["resourceType"] is { } resource)
        {
            return R4Definitions.Find(resource);
        }

        return TypeOfName(element, value.JsonName);
    }

    private static JsonObject Value(string name, ElementSchema element, PatchValue value)
    {
        var part = new JsonObject { ["name"] = name };
        if (value.Value is JsonObject content && content.ContainsKey("resourceType"))
        {
            part["resource"] = content.DeepClone();
            return part;
        }

        var type = TypeOfName(element, value.JsonName);
        if (NameOf(type) is { } property)
        {
            Set(part, property, value.Value);
            Set(part, "_" + property, value.Sibling);
            return part;
        }

        var parts = new JsonArray();
        foreach (var child in type.Elements)
        {
            foreach (var one in new ElementValues(value.Value!.AsObject(), child).ToList())
            {
                parts.Add(Value(child.Name, child, one));
            }
        }

        part["part"] = parts;
        return part;
    }

    private static void Set(JsonObject part, string property, JsonNode? value)
    {
        if (value is not null)
        {
            part[property] = value.DeepClone();
        }
    }

    private static TypeSchema TypeOfName(ElementSchema element, string jsonName)
    {
        for (var index = 0; index < element.JsonNames.Count; index++)
        {
            if (element.JsonNames[index] == jsonName)
            {
                return element.Types[Math.Min(index, element.Types.Count - 1)].Type;
            }
        }

        return element.Types[0].Type;
    }

    /// <summary>"valueQuantity"; a text of a kind that value[x] does not know goes as a string. Null when there is no such value.</summary>
    private static string? NameOf(TypeSchema type)
    {
        var name = "value" + char.ToUpperInvariant(type.Name[0]) + type.Name[1..];
        return Open.JsonNames.Contains(name) ? name : type.IsPrimitive ? "valueString" : null;
    }
}
