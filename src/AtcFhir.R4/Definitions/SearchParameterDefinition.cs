namespace AtcFhir.R4.Definitions;

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
/// <param name="Parameters">Resource type -> the search parameters that link it; a type that is not listed is not in the compartment. The patient (and so on) itself is in its compartment without any.</param>
public sealed record CompartmentDefinition(string Code, IReadOnlyDictionary<string, IReadOnlyList<string>> Parameters);
