using System.Text.Json.Nodes;
using AtcFhir.R4.Definitions;

namespace AtcFhir.Tests.Validation.Definitions;

/// <summary>A change to an object that breaks one rule of one of its elements, and what has to be found.</summary>
/// <param name="Rule">The rules of which one has to be named.</param>
/// <param name="OnElement">True when the finding stands at the element, false when it stands at the object that holds it.</param>
internal sealed record Breaking(string Name, string[] Rule, bool OnElement, Action<JsonObject> Break);

/// <summary>The rules of an element that follow from its definition, each with a change that breaks it alone.</summary>
internal static class ElementRules
{
    /// <summary>By kind: a text that has the right JSON type and not the right format.</summary>
    private static readonly Dictionary<PrimitiveKind, string> Malformed = new()
    {
        [PrimitiveKind.Code] = "two  blanks",
        [PrimitiveKind.Id] = "under_score",
        [PrimitiveKind.String] = "bell\u0007",
        [PrimitiveKind.Markdown] = "bell\u0007",
        [PrimitiveKind.Uri] = "with blank",
        [PrimitiveKind.Url] = "with blank",
        [PrimitiveKind.Canonical] = "with blank",
        [PrimitiveKind.Oid] = "urn:oid:9.9.9",
        [PrimitiveKind.Uuid] = "urn:uuid:1",
        [PrimitiveKind.Base64Binary] = "A",
        [PrimitiveKind.Date] = "2020-02-30",
        [PrimitiveKind.DateTime] = "2020-01-02T03:04:05",
        [PrimitiveKind.Instant] = "2020-01-02",
        [PrimitiveKind.Time] = "24:00:00",
        [PrimitiveKind.Xhtml] = "<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>x</script></div>",
    };

    public static IEnumerable<Breaking> Of(Step step)
    {
        var (element, type) = (step.Element, step.ElementType);
        if (element.Min > 0)
        {
            yield return new("min", ["ATC-S013"], false, owner => owner.Remove(step.JsonName));
        }

        if (!element.IsList)
        {
            yield return new("max", ["ATC-S015"], true, owner => owner[step.JsonName] = new JsonArray(owner[step.JsonName]!.DeepClone(), owner[step.JsonName]!.DeepClone()));
        }
        else
        {
            yield return new("list", ["ATC-S014"], true, owner => owner[step.JsonName] = owner[step.JsonName]![0]!.DeepClone());
            if (element.Max < int.MaxValue)
            {
                yield return new("max", ["ATC-S018"], false, owner => owner[step.JsonName] = new JsonArray([.. Enumerable.Range(0, element.Max + 1).Select(_ => owner[step.JsonName]![0]!.DeepClone())]));
            }
        }

        yield return new("JSON type", ["ATC-S017"], true, owner => Replace(owner, step, type.Type.IsPrimitive ? new JsonObject { ["x"] = 1 } : 1));
        if (element.IsChoice && step.Type == 0 && Foreign(element) is { } foreign)
        {
            yield return new("type of a choice", ["ATC-S010"], false, owner =>
            {
                owner.Remove(step.JsonName);
                owner[foreign] = "x";
            });
        }

        if (Malformed.TryGetValue(type.Type.Primitive, out var text))
        {
            yield return new("format", ["ATC-S020", "ATC-V100", "ATC-V136", "ATC-V104"], true, owner => Replace(owner, step, text));
        }
        else if (type.Type.Primitive is PrimitiveKind.Integer or PrimitiveKind.UnsignedInt or PrimitiveKind.PositiveInt)
        {
            yield return new("format", ["ATC-S020"], true, owner => Replace(owner, step, type.Type.Primitive == PrimitiveKind.Integer ? JsonNode.Parse("1.5")! : -1));
        }

        if (element.Binding is { Strength: BindingStrength.Required, ValueSet: { } set } && (type.Type.IsPrimitive || MinimalInstance.IsKnown(set)) && Foreign(type.Type, element) is { } unknown)
        {
            yield return new("required binding", ["ATC-S021", "ATC-V040", "ATC-V043"], true, owner => Replace(owner, step, unknown));
        }
        else if (element.Binding is { MaxValueSet: { } most } && most.StartsWith("http://hl7.org/", StringComparison.Ordinal) && Foreign(type.Type, element) is { } outside)
        {
            yield return new("maximum value set", ["ATC-V042"], true, owner => Replace(owner, step, outside));
        }

        if (type.Type.Name == "Reference" && type.TargetProfiles.Count > 0 && !type.TargetProfiles.Any(profile => profile.EndsWith("/Resource", StringComparison.Ordinal)))
        {
            var wrong = R4Definitions.Types.First(other => other is { IsResource: true, IsAbstract: false } && !type.TargetProfiles.Any(profile => profile.EndsWith("/" + other.Name, StringComparison.Ordinal))).Name;
            yield return new("reference target", ["ATC-V071"], true, owner => Replace(owner, step, new JsonObject { ["reference"] = $"{wrong}/1" }));
        }

        if (type.Profiles.Any(profile => profile.EndsWith("/SimpleQuantity", StringComparison.Ordinal)))
        {
            yield return new("SimpleQuantity", ["ATC-V050", "ATC-V011"], true, owner => Replace(owner, step, new JsonObject { ["value"] = 1, ["comparator"] = "<" }));
        }
    }

    /// <summary>A code that the binding does not have; null where the type takes none.</summary>
    private static JsonNode? Foreign(TypeSchema type, ElementSchema element) => type.Name switch
    {
        "code" => element.Binding!.Codes is null && element.Binding.ValueSet!.Contains("mimetypes", StringComparison.Ordinal) ? "no-mime" : "no-such-code",
        "Coding" => new JsonObject { ["system"] = "http://example.org/none", ["code"] = "x" },
        "CodeableConcept" => new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://example.org/none", ["code"] = "x" }) },
        _ => null,
    };

    /// <summary>The property of a type that the choice does not allow.</summary>
    private static string? Foreign(ElementSchema element)
        => new[] { "Base64Binary", "Oid", "Signature", "Money" }.Select(name => element.Name + name).FirstOrDefault(name => !element.JsonNames.Contains(name));

    private static void Replace(JsonObject owner, Step step, JsonNode value) => owner[step.JsonName] = step.Element.IsList ? new JsonArray(value) : value;
}
