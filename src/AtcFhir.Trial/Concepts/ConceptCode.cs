namespace AtcFhir.Trial.Concepts;

/// <summary>A code by which a concept is known. <see href="https://hl7.org/fhir/R4/datatypes.html#Coding"/></summary>
/// <param name="System">Code system URI.</param>
/// <param name="Code">The code, as the system spells it.</param>
/// <param name="Display">What it means, in the system's own words; null where none was verified.</param>
public sealed record ConceptCode(string System, string Code, string? Display = null)
{
    /// <summary>As a token search writes it: <c>http://loinc.org|89247-1</c>.</summary>
    public override string ToString() => $"{System}|{Code}";
}
