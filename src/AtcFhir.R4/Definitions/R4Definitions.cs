namespace AtcFhir.R4.Definitions;

/// <summary>
/// The official R4 4.0.1 definitions, compiled by tools in this repository from the npm package hl7.fhir.r4.examples 4.0.1 (CC0).
/// Types load on first use of this class, in one go; everything is immutable.
/// </summary>
public static class R4Definitions
{
    /// <summary>All types by <see cref="TypeSchema.Ordinal"/>.</summary>
    public static IReadOnlyList<TypeSchema> Types => throw new NotImplementedException();

    /// <summary>The type of that name ("Observation", "Quantity", "Observation.component"), or null.</summary>
    public static TypeSchema? Find(string name) => throw new NotImplementedException();

    /// <summary>The resource type of that name, or null; abstract ones are not found.</summary>
    public static TypeSchema? FindResource(ReadOnlySpan<byte> utf8Name) => throw new NotImplementedException();

    /// <summary>Official search parameters that apply to the resource type, those of Resource and DomainResource included, by code.</summary>
    public static IReadOnlyList<SearchParameterDefinition> SearchParameters(string resourceType) => throw new NotImplementedException();

    /// <summary>The compartments (Patient, Encounter, RelatedPerson, Practitioner, Device).</summary>
    public static IReadOnlyList<CompartmentDefinition> Compartments => throw new NotImplementedException();
}

/// <summary>The search parameter types of R4. <see href="https://hl7.org/fhir/R4/search.html#ptypes"/></summary>
public enum SearchParameterType
{
    Number,
    Date,
    String,
    Token,
    Reference,
    Composite,
    Quantity,
    Uri,
    Special,
}

/// <summary>A search parameter as defined. <see href="https://hl7.org/fhir/R4/searchparameter.html"/></summary>
/// <param name="Code">The name in a query: "subject".</param>
/// <param name="Expression">FHIRPath, with the branches of other resource types already cut away; null of _text, _content and other special ones.</param>
/// <param name="Targets">Resource types of a reference parameter.</param>
/// <param name="Components">Of a composite: definition URL and expression of each part.</param>
public sealed record SearchParameterDefinition(
    string Code,
    string Url,
    SearchParameterType Type,
    string? Expression,
    IReadOnlyList<string> Targets,
    IReadOnlyList<SearchParameterComponent> Components);

public sealed record SearchParameterComponent(string Definition, string Expression);

/// <summary>Which resources belong to a Patient and so on. <see href="https://hl7.org/fhir/R4/compartmentdefinition.html"/></summary>
/// <param name="Code">"Patient".</param>
/// <param name="Parameters">Resource type -> the search parameters that link it; a type that is not listed is not in the compartment.</param>
public sealed record CompartmentDefinition(string Code, IReadOnlyDictionary<string, IReadOnlyList<string>> Parameters);
