using System.Text.RegularExpressions;

namespace AtcFhir.Trial.Register;

/// <summary>Cuts prose where its own punctuation cuts it.</summary>
internal static partial class RegisterProse
{
    private static readonly string[] NameEnds = [" defined ", ", measured", " measured ", " in terms of ", ": ", ", which", "; "];

    private static readonly string[] Separators = [", and ", ", ", " and "];

    /// <summary>Criteria of one line: "- a ;- b;- c" is three.</summary>
    public static IReadOnlyList<string> Criteria(string line)
        => [.. CriterionBreak().Split(line).Select(part => part.Trim().TrimStart('-').Trim()).Select(part => part.TrimEnd(';').TrimEnd()).Where(part => part.Length > 0)];

    /// <summary>What an outcome is called: the words before its definition.</summary>
    public static string Name(string text)
    {
        var end = NameEnds.Select(mark => text.IndexOf(mark, StringComparison.OrdinalIgnoreCase)).Where(at => at > 2).Append(text.Length).Min();
        var name = text[..end].TrimEnd('.', ':', ';', ' ');
        if (name.Length <= 120)
            return name;

        var space = name.LastIndexOf(' ', 120);
        return name[..(space > 0 ? space : 120)];
    }

    /// <summary>"…in terms of a, b and c." is a, b and c; any other text is itself.</summary>
    public static IReadOnlyList<string> InTermsOf(string text)
    {
        const string mark = " in terms of ";
        var at = text.IndexOf(mark, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return [text];

        List<string> items = [];
        var (depth, start, index) = (0, at + mark.Length, at + mark.Length);
        while (index < text.Length)
        {
            depth += text[index] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth <= 0 && Separators.FirstOrDefault(separator => text.AsSpan(index).StartsWith(separator, StringComparison.Ordinal)) is { } found)
            {
                items.Add(text[start..index].Trim());
                index = start = index + found.Length;
            }
            else
            {
                index++;
            }
        }

        items.Add(text[start..].Trim().TrimEnd('.'));
        return [.. items.Where(item => item.Length > 0)];
    }

    [GeneratedRegex(@"\s*;\s*(?=-)|(?<=^)\s*-\s+")]
    private static partial Regex CriterionBreak();
}
