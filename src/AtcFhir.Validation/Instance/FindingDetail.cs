using AtcFhir.Validation.Profiles;

namespace AtcFhir.Validation.Instance;

/// <summary>What the engineer wants to know of a finding: which rule of which profile, what it expects and what is there.</summary>
/// <param name="Where">"R4 pat-1", or the canonical of a profile and an element id.</param>
/// <param name="Profile">The profile that demands it; null of the base definitions.</param>
/// <param name="Found">A code, a number, a type or a count; never free text of a patient.</param>
internal readonly record struct FindingDetail(string? Where, CompiledProfile? Profile = null, string? Expected = null, string? Found = null)
{
    public static FindingDetail Of(ElementRule rule, string? expected = null, string? found = null)
        => new(rule.Where, rule.Profile, expected, found);

    public static implicit operator FindingDetail(string? where) => new(where);
}
