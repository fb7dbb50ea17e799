using AtcFhir.R4.Values;

namespace AtcFhir.Trial.Concepts;

/// <summary>An amount in a UCUM unit. <see href="https://hl7.org/fhir/R4/datatypes.html#Quantity"/></summary>
/// <param name="Value">Exactly as written.</param>
/// <param name="Unit">UCUM code.</param>
/// <param name="Comparator">When the true amount is below or above what could be measured.</param>
public sealed record Measured(FhirDecimal Value, string Unit, string? Comparator = null);
