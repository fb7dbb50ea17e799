using System.Text.RegularExpressions;
using AtcFhir.R4.Documents;
using AtcFhir.Validation.Profiles;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// Language sections of a narrative (<c>div</c> with <c>lang</c> right inside the outermost one), as a profile demands them with the extension
/// narrative-language-control. <see href="https://hl7.org/fhir/extensions/StructureDefinition-narrative-language-control.html"/>
/// </summary>
internal static partial class NarrativeLanguages
{
    public static void Check(Run run, Node narrative, ElementRule rule)
    {
        if (narrative.Child("div").Text is not { } div)
        {
            return;
        }

        var found = Sections(div);
        foreach (var demand in rule.NarrativeLanguages)
        {
            switch (demand)
            {
                case "_no" when found.Count > 0:
                    Report($"The narrative has language sections ({string.Join(", ", found)}); the profile allows none.");
                    break;
                case "_yes" when found.Count == 0:
                    Report("The narrative has no language sections; the profile demands them.");
                    break;
                case "_resource" when narrative.Resource.Child("language").Text is { } language && !found.Contains(language):
                    Report($"The narrative has no section in the language of the resource ({language}); the profile demands one.");
                    break;
                case [not '_', ..] when !found.Contains(demand):
                    Report($"The narrative has no section in {demand}; the profile demands one.");
                    break;
            }
        }

        void Report(string text) => run.Findings.Add(Rules.NarrativeLanguage, narrative, text, FindingDetail.Of(rule));
    }

    private static List<string> Sections(string div)
    {
        var found = new List<string>();
        var depth = 0;
        foreach (Match tag in Div().Matches(div))
        {
            if (tag.Value.StartsWith("</", StringComparison.Ordinal))
            {
                depth--;
                continue;
            }

            if (depth == 1 && Language().Match(tag.Value) is { Success: true } language)
            {
                found.Add(language.Groups[1].Value);
            }

            depth += tag.Value.EndsWith("/>", StringComparison.Ordinal) ? 0 : 1;
        }

        return found;
    }

    [GeneratedRegex("</?div\\b[^>]*>", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Div();

    [GeneratedRegex("\\slang=[\"']([^\"']+)[\"']", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Language();
}
