using AtcFhir.R4.Documents;

namespace AtcFhir.Validation;

/// <summary>The documentation of each rule (<c>docs/validation/rules</c>), which travels with the validator.</summary>
public static class RulePage
{
    /// <summary>Every rule that an issue can name: those of the structure check, those of <see cref="Validation.Rules"/>.</summary>
    public static IReadOnlyList<(string Id, string Meaning)> Rules { get; } =
        [.. StructureRule.All.Select(rule => (rule.Id, rule.Meaning)), .. Validation.Rules.All.Select(rule => (rule.Id, rule.Meaning))];

    /// <summary>The page of a rule as Markdown; null when there is no such rule.</summary>
    public static string? Of(string rule)
    {
        if (!Rules.Any(known => known.Id == rule) || typeof(RulePage).Assembly.GetManifestResourceStream($"rules/{rule}.md") is not { } stream)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
