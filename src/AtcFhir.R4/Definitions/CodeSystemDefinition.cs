namespace AtcFhir.R4.Definitions;

/// <summary>A code system. <see href="https://hl7.org/fhir/R4/codesystem.html"/></summary>
/// <param name="IsComplete">False when it lists only some of its codes (content other than complete): a code that is not listed may exist.</param>
/// <param name="CaseSensitive">False only where the definition says so.</param>
/// <param name="Concepts">All concepts, flat, in the order of the definition.</param>
public sealed record CodeSystemDefinition(string Url, string? Version, bool IsComplete, bool CaseSensitive, IReadOnlyList<CodeSystemConcept> Concepts);

/// <summary>A concept.</summary>
/// <param name="IsAbstract">Not selectable: groups others, is not meant to be used itself.</param>
/// <param name="IsInactive">Retired or deprecated: still a code of the system, but not for new use.</param>
/// <param name="Parents">Codes of the concepts right above, by nesting or by a child or parent property; usually none or one.</param>
public sealed record CodeSystemConcept(string Code, string? Display, bool IsAbstract, bool IsInactive, IReadOnlyList<string> Parents);
