using AtcFhir.Validation.Profiles;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// Puts the name of the demanding profile into a message, in the words of its author: "category is missing; the profile 'ECOG performance status' demands it." Done when
/// a finding is reported, so that the same demand of two profiles is one finding.
/// </summary>
internal static class ProfileWords
{
    private const string Inside = "{profile}";
    private const string AtStart = "{Profile}";

    public static string In(string text, IReadOnlyList<CompiledProfile> profiles)
    {
        if (!text.Contains('{', StringComparison.Ordinal) || (!text.Contains(Inside, StringComparison.Ordinal) && !text.Contains(AtStart, StringComparison.Ordinal)))
        {
            return text;
        }

        var titles = profiles.Select(profile => profile.Structure.Title).OfType<string>().Distinct().ToList();
        var name = titles.Count == 0 ? "" : $" '{string.Join("' and '", titles)}'";
        return text.Replace(Inside, "the profile" + name, StringComparison.Ordinal).Replace(AtStart, "The profile" + name, StringComparison.Ordinal);
    }
}
