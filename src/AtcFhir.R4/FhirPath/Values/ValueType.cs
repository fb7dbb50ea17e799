namespace AtcFhir.R4.FhirPath.Values;

/// <summary>The answer of type(): "System" "Integer", "FHIR" "code". <see href="https://hl7.org/fhirpath/N1/#reflection"/></summary>
internal sealed record ValueType(string Namespace, string Name, string? BaseType);
