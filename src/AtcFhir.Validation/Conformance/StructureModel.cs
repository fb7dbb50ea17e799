using System.Text.Json;
using AtcFhir.R4.Definitions;

namespace AtcFhir.Validation.Conformance;

/// <summary>
/// What the validator needs of a StructureDefinition. Either list of elements may be empty; <see cref="Snapshot"/> of a compiled profile never is.
/// <see href="https://hl7.org/fhir/R4/structuredefinition.html"/>
/// </summary>
internal sealed record StructureModel
{
    public required string Url { get; init; }

    public string? Version { get; init; }

    public string Name { get; init; } = "";

    public string? Title { get; init; }

    /// <summary>"Observation", "Extension", or the URL of a logical model.</summary>
    public required string Type { get; init; }

    /// <summary>primitive-type, complex-type, resource or logical.</summary>
    public string Kind { get; init; } = "resource";

    public bool IsAbstract { get; init; }

    /// <summary>True for a profile or extension, false for a type of its own.</summary>
    public bool IsConstraint { get; init; }

    public string? BaseDefinition { get; init; }

    public string? FhirVersion { get; init; }

    public IReadOnlyList<ExtensionContext> Contexts { get; init; } = [];

    /// <summary>FHIRPath over the element that carries the extension.</summary>
    public IReadOnlyList<string> ContextInvariants { get; init; } = [];

    public IReadOnlyList<ElementModel> Snapshot { get; init; } = [];

    public IReadOnlyList<ElementModel> Differential { get; init; } = [];

    public bool IsExtension => Type == "Extension" && IsConstraint;

    /// <summary>"url|version", or the url alone.</summary>
    public string Canonical => Version is null ? Url : Url + "|" + Version;
}

/// <summary>Where an extension may be used. <see href="https://hl7.org/fhir/R4/defining-extensions.html#context"/></summary>
/// <param name="Kind">element, extension or fhirpath.</param>
internal sealed record ExtensionContext(string Kind, string Expression)
{
    /// <summary>R5 writes a profile before the path.</summary>
    public string Path { get; } = Expression[(Expression.LastIndexOf('#') + 1)..];

    public string[] Steps { get; } = Expression[(Expression.LastIndexOf('#') + 1)..].Split('.');
}

/// <summary>
/// One ElementDefinition. In a differential what is not stated is null; in a snapshot everything that applies is stated.
/// <see href="https://hl7.org/fhir/R4/elementdefinition.html"/>
/// </summary>
internal sealed record ElementModel
{
    /// <summary>"Observation.component:systolic.value[x]".</summary>
    public required string Id { get; init; }

    /// <summary>False when the definition has no id, and <see cref="Id"/> is the path.</summary>
    public bool IsIdStated { get; init; } = true;

    /// <summary>"Observation.component.value[x]".</summary>
    public required string Path { get; init; }

    public string? SliceName { get; init; }

    public int? Min { get; init; }

    /// <summary><see cref="int.MaxValue"/> for *.</summary>
    public int? Max { get; init; }

    /// <summary>Null when not stated.</summary>
    public IReadOnlyList<TypeModel>? Types { get; init; }

    /// <summary>"#Questionnaire.item".</summary>
    public string? ContentReference { get; init; }

    public ExpectedValue? Fixed { get; init; }

    public ExpectedValue? Pattern { get; init; }

    public ExpectedValue? MinValue { get; init; }

    public ExpectedValue? MaxValue { get; init; }

    public int? MinLength { get; init; }

    public int? MaxLength { get; init; }

    public int? MaxDecimalPlaces { get; init; }

    /// <summary>A regular expression that the value must match as a whole (extension regex).</summary>
    public string? Regex { get; init; }

    public BindingModel? Binding { get; init; }

    public IReadOnlyList<Constraint> Constraints { get; init; } = [];

    public SlicingModel? Slicing { get; init; }

    public bool? MustSupport { get; init; }

    public bool? IsModifier { get; init; }

    /// <summary>R5's mustHaveValue, as an element or as its extension: a primitive must have a value, extensions alone do not do.</summary>
    public bool MustHaveValue { get; init; }

    /// <summary>R5's valueAlternatives: without a value one of these extensions must be present.</summary>
    public IReadOnlyList<string> ValueAlternatives { get; init; } = [];

    /// <summary>What the extension narrative-language-control says of a narrative: _no, _yes, _resource.</summary>
    public IReadOnlyList<string> NarrativeLanguages { get; init; } = [];

    /// <summary>The last step of the path: "value[x]".</summary>
    public string Name => Path[(Path.LastIndexOf('.') + 1)..];
}

internal sealed record TypeModel(
    string Code,
    IReadOnlyList<string> Profiles,
    IReadOnlyList<string> TargetProfiles,
    IReadOnlyList<string> Aggregation,
    string? Versioning);

internal sealed record BindingModel(BindingStrength Strength, string? ValueSet, string? MaxValueSet, string? Description = null, bool IsStrengthStated = true);

internal sealed record SlicingModel(IReadOnlyList<DiscriminatorModel> Discriminators, bool Ordered, SlicingRules Rules)
{
    /// <summary>How extensions are sliced, whether or not the profile says so.</summary>
    public static SlicingModel ByUrl { get; } = new([new DiscriminatorModel("value", "url")], false, SlicingRules.Open);
}

/// <param name="Type">value, pattern, type, profile, exists.</param>
/// <param name="Path">"$this", "code", "extension('url').value", "subject.resolve()".</param>
internal sealed record DiscriminatorModel(string Type, string Path);

internal enum SlicingRules
{
    Open,
    OpenAtEnd,
    Closed,
}

/// <summary>A value that a profile demands (fixed, pattern, limits): its data type and its JSON.</summary>
/// <param name="TypeName">"CodeableConcept", "uri": what stands behind fixed, pattern, minValue, maxValue.</param>
internal sealed record ExpectedValue(string TypeName, JsonElement Json)
{
    /// <summary>For messages: compact JSON, shortened.</summary>
    public string Display
    {
        get
        {
            var text = Json.ValueKind == JsonValueKind.String ? "'" + Json.GetString() + "'" : JsonSerializer.Serialize(Json);
            return text.Length <= 200 ? text : string.Concat(text.AsSpan(0, 197), "...");
        }
    }
}
