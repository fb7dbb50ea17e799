using System.Text.RegularExpressions;

namespace AtcFhir.Store.Search;

/// <summary>Takes the expression of a search parameter apart at its outer <c>|</c>.</summary>
internal static partial class ExpressionBranches
{
    /// <summary>The branches; <c>.where(resolve() is Patient)</c> at the end of one is given as the type that the target must have.</summary>
    public static IEnumerable<(string Branch, string? TargetType)> Of(string expression)
    {
        foreach (var branch in Split(expression))
        {
            yield return TargetFilter().Match(branch) is { Success: true } filter
                ? (filter.Groups["path"].Value, filter.Groups["type"].Value)
                : (branch, null);
        }
    }

    public static IEnumerable<string> Split(string expression)
    {
        var (start, depth, isQuoted) = (0, 0, false);
        for (var at = 0; at < expression.Length; at++)
        {
            isQuoted ^= expression[at] == '\'';
            depth += isQuoted ? 0 : expression[at] switch { '(' => 1, ')' => -1, _ => 0 };
            if (expression[at] == '|' && depth == 0 && !isQuoted)
            {
                yield return expression[start..at].Trim();
                start = at + 1;
            }
        }

        yield return expression[start..].Trim();
    }

    [GeneratedRegex(@"^(?<path>.+)\.where\(\s*resolve\(\) is (?<type>[A-Za-z]+)\s*\)$")]
    private static partial Regex TargetFilter();
}
