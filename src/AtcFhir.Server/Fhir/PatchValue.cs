using System.Text.Json.Nodes;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>One value of an element as JSON has it: under which property, the value, and the sibling with id and extensions of a primitive.</summary>
internal sealed record PatchValue(string JsonName, JsonNode? Value, JsonNode? Sibling)
{
    /// <summary>From the value part of an operation: value[x] of any type, a resource, or the parts of a type that has no name.</summary>
    public static Result<PatchValue> Of(JsonObject? part, ElementSchema element)
    {
        if (part?["part"] is JsonArray parts && element.Types is [{ Type: var type }])
        {
            return Object(parts, type).TryGet(out var made, out var broken) ? new PatchValue(element.JsonNames[0], made, null) : broken;
        }

        if (part?["resource"] is { } resource)
        {
            return new PatchValue(element.JsonNames[0], resource.DeepClone(), null);
        }

        var named = part?.FirstOrDefault(property => property.Key.StartsWith("value", StringComparison.Ordinal) || property.Key.StartsWith("_value", StringComparison.Ordinal)).Key;
        if (named is null)
        {
            return new Failure(FailureKind.Malformed, IssueCode.Required, "The operation has no value.");
        }

        var suffix = named[(named.StartsWith('_') ? "_value".Length : "value".Length)..];
        return NameOf(element, suffix) is { } name
            ? new PatchValue(name, part!["value" + suffix]?.DeepClone(), part["_value" + suffix]?.DeepClone())
            : new Failure(FailureKind.Unprocessable, IssueCode.Structure, $"{element.Path} cannot have a value of type {suffix}.");
    }

    /// <summary>Of a choice, the property is named by the type of the value; otherwise the type is left to the check of the patched resource.</summary>
    private static string? NameOf(ElementSchema element, string suffix)
        => element.IsChoice ? element.JsonNames.FirstOrDefault(name => name == element.Name + suffix) : element.JsonNames[0];

    private static Result<JsonObject> Object(JsonArray parts, TypeSchema type)
    {
        var made = new JsonObject();
        foreach (var part in parts)
        {
            var name = part!["name"]?.GetValue<string>();
            if (type.Elements.FirstOrDefault(element => element.Name == name || (name is not null && element.JsonNames.Contains(name))) is not { } element)
            {
                return new Failure(FailureKind.Unprocessable, IssueCode.Structure, $"{type.Name} has no element of the name given.");
            }

            if (!Of(part.AsObject(), element).TryGet(out var value, out var failure))
            {
                return failure;
            }

            var values = new ElementValues(made, element);
            values.Insert(values.Count, value);
            values.Write();
        }

        return made;
    }
}
