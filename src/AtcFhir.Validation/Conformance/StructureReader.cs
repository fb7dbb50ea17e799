using System.Text.Json;
using AtcFhir.R4.Definitions;

namespace AtcFhir.Validation.Conformance;

/// <summary>Reads a StructureDefinition's JSON into a <see cref="StructureModel"/>. Lenient: what is malformed is left out, the instance walk reports it.</summary>
internal static class StructureReader
{
    private const string Extensions = "http://hl7.org/fhir/StructureDefinition/";

    public static StructureModel? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, JsonReading.Lenient);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The model holds nothing of the document that the element is part of.</summary>
    public static StructureModel? Read(JsonElement root)
    {
        if (root.Text("resourceType") != "StructureDefinition" || root.Text("url") is not { } url || root.Text("type") is not { } type)
        {
            return null;
        }

        return new StructureModel
        {
            Url = url,
            Version = root.Text("version"),
            Name = root.Text("name") ?? "",
            Title = root.Text("title"),
            Type = type.StartsWith(Extensions, StringComparison.Ordinal) && root.Text("kind") != "logical" ? type[Extensions.Length..] : type,
            Kind = root.Text("kind") ?? "resource",
            IsAbstract = root.Flag("abstract") == true,
            IsConstraint = root.Text("derivation") == "constraint",
            BaseDefinition = root.Text("baseDefinition"),
            FhirVersion = root.Text("fhirVersion"),
            Contexts = root.Items("context", ReadContext),
            ContextInvariants = root.Texts("contextInvariant"),
            Snapshot = ReadElements(root, "snapshot"),
            Differential = ReadElements(root, "differential"),
        };
    }

    private static ExtensionContext ReadContext(JsonElement context)
        => context.ValueKind == JsonValueKind.String
            ? new ExtensionContext("element", context.GetString()!)
            : new ExtensionContext(context.Text("type") ?? "element", context.Text("expression") ?? "");

    private static List<ElementModel> ReadElements(JsonElement root, string view)
    {
        var elements = new List<ElementModel>();
        if (root.TryGetProperty(view, out var part) && part.ValueKind == JsonValueKind.Object)
        {
            foreach (var element in part.Items("element"))
            {
                if (element.Text("path") is { } path)
                {
                    elements.Add(ReadElement(element, path));
                }
            }
        }

        return elements;
    }

    private static ElementModel ReadElement(JsonElement element, string path) => new()
    {
        Id = element.Text("id") ?? path,
        IsIdStated = element.Text("id") is not null,
        Path = path,
        SliceName = element.Text("sliceName"),
        Min = element.Integer("min"),
        Max = ReadMax(element.Text("max")),
        Types = element.TryGetProperty("type", out _) ? element.Items("type", ReadType) : null,
        ContentReference = element.Text("contentReference"),
        Fixed = ReadValue(element, "fixed"),
        Pattern = ReadValue(element, "pattern"),
        MinValue = ReadValue(element, "minValue"),
        MaxValue = ReadValue(element, "maxValue"),
        MinLength = element.ExtensionValue(Extensions + "minLength")?.AsInteger(),
        MaxLength = element.Integer("maxLength"),
        MaxDecimalPlaces = element.ExtensionValue(Extensions + "maxDecimalPlaces")?.AsInteger(),
        Regex = ReadRegex(element),
        Binding = ReadBinding(element),
        Constraints = element.Items("constraint", ReadConstraint),
        Slicing = ReadSlicing(element),
        MustSupport = element.Flag("mustSupport"),
        IsModifier = element.Flag("isModifier"),
        MustHaveValue = element.Flag("mustHaveValue") == true
            || element.ExtensionValue("http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.mustHaveValue") is { ValueKind: JsonValueKind.True },
        NarrativeLanguages = JsonReading.Texts(element.ExtensionValues(Extensions + "narrative-language-control")),
        ValueAlternatives = [.. JsonReading.Texts(element.ExtensionValues("http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.valueAlternatives")), .. element.Texts("valueAlternatives")],
    };

    public static int? ReadMax(string? max)
        => max is null ? null : max == "*" ? int.MaxValue : int.TryParse(max, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static TypeModel ReadType(JsonElement type)
    {
        // FHIRPath system types stand for the primitive whose value they are; the extension names that primitive.
        var code = type.ExtensionValue(Extensions + "structuredefinition-fhir-type") is { ValueKind: JsonValueKind.String } stated ? stated.GetString()! : type.Text("code") ?? "";
        if (code.StartsWith(Extensions, StringComparison.Ordinal))
        {
            code = code[Extensions.Length..];
        }

        return new TypeModel(code, type.Texts("profile"), type.Texts("targetProfile"), type.Texts("aggregation"), type.Text("versioning"));
    }

    private static ExpectedValue? ReadValue(JsonElement element, string prefix)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (property.Name.Length > prefix.Length && property.Name.StartsWith(prefix, StringComparison.Ordinal) && char.IsUpper(property.Name[prefix.Length]))
            {
                var name = property.Name[prefix.Length..];
                var lower = char.ToLowerInvariant(name[0]) + name[1..];
                return new ExpectedValue(R4Definitions.Find(lower) is { IsPrimitive: true } ? lower : name, property.Value.Clone());
            }
        }

        return null;
    }

    private static string? ReadRegex(JsonElement element)
    {
        if (element.ExtensionValue(Extensions + "regex") is { ValueKind: JsonValueKind.String } direct)
        {
            return direct.GetString();
        }

        // On the type the official definitions repeat the pattern of the primitive, which the parser checks already.
        return null;
    }

    private static BindingModel? ReadBinding(JsonElement element)
    {
        if (!element.TryGetProperty("binding", out var binding) || binding.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var strength = binding.Text("strength") switch
        {
            "required" => BindingStrength.Required,
            "extensible" => BindingStrength.Extensible,
            "preferred" => BindingStrength.Preferred,
            _ => BindingStrength.Example,
        };
        var max = binding.ExtensionValue(Extensions + "elementdefinition-maxValueSet") is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        return new BindingModel(strength, binding.Text("valueSet"), max, binding.Text("description"), binding.Text("strength") is not null);
    }

    /// <summary>Without an expression it is words for people; the compiler says so.</summary>
    private static Constraint ReadConstraint(JsonElement constraint)
        => new(constraint.Text("key") ?? "", constraint.Text("severity") != "warning", constraint.Text("human") ?? "", constraint.Text("expression") ?? "");

    private static SlicingModel? ReadSlicing(JsonElement element)
    {
        if (!element.TryGetProperty("slicing", out var slicing) || slicing.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var rules = slicing.Text("rules") switch
        {
            "closed" => SlicingRules.Closed,
            "openAtEnd" => SlicingRules.OpenAtEnd,
            _ => SlicingRules.Open,
        };
        return new SlicingModel(
            slicing.Items("discriminator", d => new DiscriminatorModel(d.Text("type") ?? "value", d.Text("path") ?? "$this")),
            slicing.Flag("ordered") == true,
            rules);
    }
}
