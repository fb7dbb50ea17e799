using AtcFhir.R4.Values;

namespace AtcFhir.Trial.Concepts;

/// <summary>A laboratory result of a subject as an exact amount in the trial's unit; the tests of the trial are each a concept of this kind.</summary>
/// <param name="Test">The test that was done.</param>
/// <param name="Value">The amount; null with <paramref name="AbsentReason"/>.</param>
/// <param name="Low">Lower limit of the laboratory's reference range, in the same unit.</param>
/// <param name="High">Upper limit of the laboratory's reference range, in the same unit.</param>
/// <param name="DerivedFrom">Reference to the pseudonymised source, when the amount or its unit was transformed.</param>
public sealed record LaboratoryResult(
    RecordHead Head,
    string Status,
    ConceptCode Test,
    EventTime Effective,
    Measured? Value,
    ConceptCode? AbsentReason = null,
    FhirDecimal? Low = null,
    FhirDecimal? High = null,
    string? DerivedFrom = null);
