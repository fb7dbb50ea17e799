namespace AtcFhir.Validation.Terminology;

/// <summary>A concept of a code system. <see href="https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.concept"/></summary>
/// <param name="Parents">Codes of the concepts directly above.</param>
/// <param name="Properties">In order; a code may repeat.</param>
/// <param name="Designations">Other words for the same, in any language.</param>
internal record ConceptModel(
    string Code,
    string? Display,
    IReadOnlyList<string> Parents,
    IReadOnlyList<ConceptProperty> Properties,
    IReadOnlyList<Designation> Designations)
{
    /// <summary>What it means, at length.</summary>
    public virtual string? Definition { get; init; }

    public virtual IReadOnlyList<Designation> Designations { get; init; } = Designations;

    /// <summary>Groups others; not meant to be used itself.</summary>
    public bool IsAbstract => Properties.Any(p => p.Code is "notSelectable" or "abstract" && p.Value == "true");

    public bool IsInactive => Properties.Any(p => (p.Code == "inactive" && p.Value == "true") || (p.Code == "status" && p.Value is "retired" or "inactive"));
}

/// <summary>One property of a concept.</summary>
/// <param name="Type">The FHIR type of the value: code, Coding, string, integer, boolean, dateTime or decimal.</param>
/// <param name="Value">The value as text; of a Coding its code.</param>
/// <param name="System">Of a Coding.</param>
/// <param name="Display">Of a Coding.</param>
public sealed record ConceptProperty(string Code, string Type, string Value, string? System = null, string? Display = null);

/// <summary>Another word for a concept. <see href="https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.concept.designation"/></summary>
/// <param name="Language">BCP 47, or null.</param>
/// <param name="Use">What kind of word it is, or null.</param>
public sealed record Designation(string? Language, ConceptCoding? Use, string Value)
{
    /// <summary>"nl" is said by a designation in nl, nl-NL or nl-BE.</summary>
    internal bool IsIn(string language) => Language is { } own
        && own.StartsWith(language, StringComparison.OrdinalIgnoreCase) && (own.Length == language.Length || own[language.Length] == '-');
}

/// <summary>A code with its system. <see href="https://hl7.org/fhir/R4/datatypes.html#Coding"/></summary>
public sealed record ConceptCoding(string? System, string? Version, string Code, string? Display = null)
{
    /// <summary>As a token search writes it: <c>http://loinc.org|89247-1</c>.</summary>
    public override string ToString() => $"{System}|{Code}";
}
