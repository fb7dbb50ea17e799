namespace AtcFhir.R4.Definitions;

/// <summary>What people read of a code system.</summary>
/// <param name="Name">Its title, or its name.</param>
/// <param name="Concepts">By code; those of which nothing is said besides their display are left out.</param>
public sealed record CodeSystemMeanings(string? Name, IReadOnlyDictionary<string, ConceptMeaning> Concepts);

/// <param name="Definition">What the concept means, at length.</param>
/// <param name="Designations">Other words for it.</param>
public sealed record ConceptMeaning(string? Definition, IReadOnlyList<ConceptDesignation> Designations);

/// <summary>Another word for a concept. <see href="https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.concept.designation"/></summary>
/// <param name="UseCode">What kind of word it is, with its system; null where it is not said.</param>
public sealed record ConceptDesignation(string? Language, string? UseSystem, string? UseCode, string Value);
