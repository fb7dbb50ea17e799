using System.Text;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Cli.Validation;

/// <summary>For people: each issue with its place, its rule, and the line of the source with a caret under the spot.</summary>
internal sealed class TextReport(TextWriter output, bool useColour, bool isQuiet = false) : ValidationReport
{
    private const int WidestExcerpt = 110;

    private int valid;
    private int invalid;
    private int errors;
    private int warnings;
    private string? example;

    public override void Add(Validated validated)
    {
        valid += validated.IsValid ? 1 : 0;
        invalid += validated.IsValid ? 0 : 1;
        errors += validated.Issues.Count(issue => issue.IsError);
        warnings += validated.Issues.Count(issue => issue.Severity == IssueSeverity.Warning);
        if (isQuiet && !validated.Issues.Any(issue => issue.IsError || issue.Severity == IssueSeverity.Warning))
        {
            return;
        }

        output.WriteLine($"{validated.Input.Name}: {(validated.IsValid ? Colour("valid", "32") : Colour("invalid", "31"))}");
        string[]? lines = null;
        foreach (var issue in validated.Issues)
        {
            lines ??= Encoding.UTF8.GetString(validated.Input.Content.Span).Split('\n');
            Write(issue, lines);
        }
    }

    public override void End()
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{valid + invalid} {(valid + invalid == 1 ? "resource" : "resources")}: {valid} valid, {invalid} invalid, {errors} {(errors == 1 ? "error" : "errors")}, {warnings} {(warnings == 1 ? "warning" : "warnings")}"));
        if (example is not null && useColour)
        {
            output.WriteLine(Colour($"What a rule means: atcfhir rule {example}", "2"));
        }
    }

    private void Write(Issue issue, string[] lines)
    {
        var severity = issue.Severity switch
        {
            IssueSeverity.Fatal or IssueSeverity.Error => Colour("error", "31"),
            IssueSeverity.Warning => Colour("warning", "33"),
            _ => Colour("note", "36"),
        };
        var place = issue.Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"{line}:{issue.Column}") : "-";
        example ??= issue.IsError ? issue.Rule : null;
        output.WriteLine($"  {place} {severity} {Plain(issue.Text)}");
        var detail = Plain(string.Join("  ", new[] { issue.Expression, issue.Rule, Unsaid(issue) }.Where(part => !string.IsNullOrEmpty(part))));
        if (detail.Length > 0)
        {
            output.WriteLine("      " + Colour(detail, "2"));
        }

        if (issue is { Line: { } number, Column: { } column } && number <= lines.Length)
        {
            WriteExcerpt(lines[number - 1].TrimEnd('\r'), number, column);
        }
    }

    private void WriteExcerpt(string line, int number, int column)
    {
        // Minified JSON is one endless line: show the part around the spot.
        var start = Math.Clamp(column - 1 - WidestExcerpt / 2, 0, Math.Max(0, line.Length - WidestExcerpt));
        var part = line.Substring(start, Math.Min(WidestExcerpt, line.Length - start));
        part = Plain(part.Replace('\t', ' '));
        var label = string.Create(CultureInfo.InvariantCulture, $"{number,6} | ");
        output.WriteLine(label + part);
        output.WriteLine(new string(' ', label.Length + Math.Clamp(column - 1 - start, 0, part.Length)) + Colour("^", "31"));
    }

    /// <summary>The diagnostics without what the text says already.</summary>
    private static string? Unsaid(Issue issue)
        => issue is { Found: { } found, Diagnostics: { } all } && issue.Text.Contains(found, StringComparison.Ordinal) ? all.Replace("; found " + found, "", StringComparison.Ordinal) : issue.Diagnostics;

    /// <summary>What a file holds must not steer the terminal, nor turn the direction of a line.</summary>
    private static string Plain(string text)
        => text.Any(IsControl) ? string.Concat(text.Select(c => IsControl(c) ? '\u00B7' : c)) : text;

    private static bool IsControl(char c) => char.IsControl(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private string Colour(string text, string code) => useColour ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
