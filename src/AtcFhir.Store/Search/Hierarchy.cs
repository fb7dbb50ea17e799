using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Values;

namespace AtcFhir.Store.Search;

/// <summary>
/// The modifiers :above and :below of references: up or down a strict hierarchy of resources, or, of a canonical, whatever version lies below the given one.
/// <see href="https://hl7.org/fhir/R4/search.html#recursive"/>
/// </summary>
internal static class Hierarchy
{
    /// <summary>The parameter by which a resource names the one that it is a part of, where a circle would be wrong. <see href="https://hl7.org/fhir/R4/references.html#circular"/></summary>
    public static IReadOnlyList<(string Type, string Code)> Links { get; } =
    [
        ("CarePlan", "part-of"),
        ("Encounter", "part-of"),
        ("Location", "partof"),
        ("Organization", "partof"),
        ("Procedure", "part-of"),
        ("ResearchStudy", "partof"),
        ("Specimen", "parent"),
        ("Task", "part-of"),
    ];

    public static bool Applies(string modifier) => modifier is "above" or "below";

    public static Result<Operand> Of(SearchParameterRegistry registry, IReadOnlyList<SearchParameter> parameters, string full, string modifier, string text)
    {
        var reference = QueryText.Unescape(text);
        var type = LocalReference.Of(reference, baseUrl: null).Type;
        if (type.Length == 0 && reference.Contains(':', StringComparison.Ordinal))
        {
            return modifier == "below"
                ? new CanonicalOperand(LocalReference.OfCanonical(reference, baseUrl: null))
                : SearchFailure.Parameter(full, "canonical references have a below, and no above.");
        }

        var targets = parameters.SelectMany(CriterionParser.TargetTypes).ToHashSet(StringComparer.Ordinal);
        var links = Links.Where(link => targets.Contains(link.Type) && (type.Length == 0 || link.Type == type)).ToList();
        return links is [var one] && registry.Of(one.Type)?.Find(one.Code) is { } parameter
            ? new HierarchyOperand(one.Type, reference, modifier == "above", parameter)
            : SearchFailure.Parameter(full, $"expected a reference, with its type, to a resource that is part of others of its type: {string.Join(", ", Links.Select(link => link.Type))}.");
    }
}
