using System.Text.Json.Nodes;
using AtcFhir.R4.Definitions;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation.Definitions;

/// <summary>One step of a path through the definitions: an element and which of its types is meant.</summary>
internal sealed record Step(ElementSchema Element, int Type)
{
    public ElementType ElementType => Element.Types[Type];

    public string JsonName => Element.JsonNames[Type];

    public string Expression => Element.IsList ? $".{Element.Name}[0]" : $".{Element.Name}";
}

/// <summary>
/// The smallest valid instance of a type, made from the definitions: what is required and, along a path, the elements that are asked for.
/// What the definitions say in words or invariants only comes from <see cref="Additions"/>.
/// </summary>
internal static class MinimalInstance
{
    /// <summary>A resource in which the elements of the path stand, one in the other.</summary>
    public static JsonObject Of(TypeSchema type, params ReadOnlySpan<Step> path)
    {
        var made = Fill(type, path);
        foreach (var step in path)
        {
            Additions.ToResource(step, made);
        }

        return made;
    }

    /// <summary>A value for an element: a list of one, if it may repeat.</summary>
    public static JsonNode ValueOf(Step step)
    {
        var owner = new JsonObject();
        Put(owner, step, Sample(step, []));
        return owner[step.JsonName]!.DeepClone();
    }

    private static JsonObject Fill(TypeSchema type, ReadOnlySpan<Step> path)
    {
        var made = new JsonObject();
        if (type.IsResource)
        {
            made["resourceType"] = type.Name;
        }

        foreach (var element in type.Elements.Where(element => element.Min > 0))
        {
            Put(made, new Step(element, 0), Sample(new Step(element, 0), []));
        }

        Additions.ToType(type.Name, made);
        if (path.Length > 0)
        {
            var step = path[0];
            foreach (var name in step.Element.JsonNames)
            {
                made.Remove(name);
            }

            Additions.ToElement(type, step.Element.Path, made);
            Put(made, step, Sample(step, path[1..]));
        }

        if (!type.IsResource && made.All(property => property.Key == "id"))
        {
            var content = new Step(type.Elements.First(element => element.Name is not ("id" or "extension" or "modifierExtension")), 0);
            Put(made, content, Sample(content, []));
        }

        return made;
    }

    private static void Put(JsonObject owner, Step step, JsonNode value) => owner[step.JsonName] = step.Element.IsList ? new JsonArray(value) : value;

    private static JsonNode Sample(Step step, ReadOnlySpan<Step> path)
    {
        var (element, type) = (step.Element, step.ElementType.Type);
        if (path.IsEmpty && Additions.Value(step) is { } needed)
        {
            return needed;
        }

        if (type.IsPrimitive)
        {
            return Primitive(type.Primitive, element);
        }

        if (type.IsAbstract && type.IsResource)
        {
            return JsonNode.Parse("""{"resourceType":"Basic","id":"b","code":{"text":"x"},"subject":{"reference":"#"}}""")!;
        }

        var made = Fill(type, path);
        switch (type.Name)
        {
            case "CodeableConcept" or "Coding" when element.Binding is { Strength: BindingStrength.Required, ValueSet: { } valueSet } && IsKnown(valueSet):
                var (system, code) = ACode(valueSet);
                made = new JsonObject { ["system"] = system, ["code"] = code };
                return type.Name == "Coding" ? made : new JsonObject { ["coding"] = new JsonArray(made) };
            case "Reference" when path.IsEmpty:
                var target = step.ElementType.TargetProfiles is [var url, ..] && !url.EndsWith("/Resource", StringComparison.Ordinal) ? url[(url.LastIndexOf('/') + 1)..] : "Basic";
                return new JsonObject { ["reference"] = $"{target}/1" };
        }

        return made;
    }

    /// <summary>False of the value sets whose definition R4 does not carry.</summary>
    public static bool IsKnown(string valueSet) => R4Terminology.FindValueSet(ConformanceSource.SplitCanonical(valueSet).Url) is not null;

    /// <summary>Some code of a value set.</summary>
    private static (string? System, string Code) ACode(string valueSet)
    {
        foreach (var include in R4Terminology.FindValueSet(ConformanceSource.SplitCanonical(valueSet).Url)!.Includes)
        {
            if (include.System == "http://unitsofmeasure.org")
            {
                return (include.System, "mg");
            }

            if (include.System is { } system)
            {
                return (system, include.Concepts.Count > 0 ? include.Concepts[0].Code : R4Terminology.FindCodeSystem(system)!.Concepts.First(concept => !concept.IsAbstract).Code);
            }
        }

        return ACode(R4Terminology.FindValueSet(ConformanceSource.SplitCanonical(valueSet).Url)!.Includes[0].ValueSets[0]);
    }

    private static JsonNode Primitive(PrimitiveKind kind, ElementSchema element) => kind switch
    {
        PrimitiveKind.Boolean => true,
        PrimitiveKind.Integer or PrimitiveKind.UnsignedInt or PrimitiveKind.PositiveInt => 1,
        PrimitiveKind.Decimal => JsonNode.Parse("1.5")!,
        PrimitiveKind.Code => Additions.Code(element) ?? element.Binding?.Codes?[0] ?? "x",
        PrimitiveKind.Uri or PrimitiveKind.Url or PrimitiveKind.Canonical => "http://example.org/x",
        PrimitiveKind.Oid => "urn:oid:1.2.3",
        PrimitiveKind.Uuid => "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
        PrimitiveKind.Base64Binary => "AAAA",
        PrimitiveKind.Date => "2020-01-02",
        PrimitiveKind.DateTime => "2020-01-02",
        PrimitiveKind.Instant => "2020-01-02T03:04:05Z",
        PrimitiveKind.Time => "03:04:05",
        PrimitiveKind.Xhtml => "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>",
        _ => "x",
    };
}
