namespace AtcFhir.R4.Definitions;

/// <summary>What a value set is composed of: the union of the includes without the excludes. <see href="https://hl7.org/fhir/R4/valueset.html#compositions"/></summary>
public sealed record ValueSetDefinition(string Url, string? Version, IReadOnlyList<ValueSetPart> Includes, IReadOnlyList<ValueSetPart> Excludes);

/// <summary>One include or exclude: what the system part and all the value sets have in common.</summary>
/// <param name="System">The code system, or null when only value sets are named.</param>
/// <param name="Concepts">The codes that are listed; empty for all of the system that pass the filters.</param>
/// <param name="ValueSets">Canonicals, perhaps with |version.</param>
public sealed record ValueSetPart(
    string? System, string? Version, IReadOnlyList<ValueSetConcept> Concepts, IReadOnlyList<ValueSetFilter> Filters, IReadOnlyList<string> ValueSets);

public sealed record ValueSetConcept(string Code, string? Display);

/// <param name="Op">"=", "is-a", "descendent-of", "is-not-a", "regex", "in", "not-in", "generalizes" or "exists".</param>
public sealed record ValueSetFilter(string Property, string Op, string Value);
