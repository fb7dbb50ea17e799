using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Validation.Profiles;

/// <summary>Can a value set be expanded with what is known here? Listed codes can, whatever their system; whole systems and filters need the system.</summary>
internal static class ValueSetLint
{
    /// <summary>Null when it can be.</summary>
    public static string? WhyNotExpandable(ConformanceSource source, string canonical) => Why(source, canonical, []);

    private static string? Why(ConformanceSource source, string canonical, HashSet<string> above)
    {
        if (source.ValueSet(canonical) is not { } set)
        {
            return $"{canonical} is not known";
        }

        if (!above.Add(canonical))
        {
            return $"{canonical} imports itself";
        }

        foreach (var include in set.Includes)
        {
            if (include is { System: { } system, Codes: null } && !SystemByRule.Has(system) && source.CodeSystems(system).Count == 0)
            {
                return $"the code system {system} is not known";
            }

            if (include.ValueSets.Select(import => Why(source, import, above)).FirstOrDefault(why => why is not null) is { } inner)
            {
                return inner;
            }
        }

        above.Remove(canonical);
        return null;
    }
}
