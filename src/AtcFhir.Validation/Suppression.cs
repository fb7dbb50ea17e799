using AtcFhir.R4.Outcomes;

namespace AtcFhir.Validation;

/// <summary>
/// A finding that is known and accepted, with the reason. It is not dropped: it stands in the outcome as information, with the reason.
/// </summary>
/// <param name="Rule">A rule id, <c>ATC-V091</c>; of invariants perhaps with the key, <c>ATC-V050:obs-6</c>.</param>
/// <param name="Reason">Why it is accepted; a suppression without one is refused.</param>
/// <param name="Path">Where: the element and everything below it, <c>Observation.component</c>; a position may be given, <c>Bundle.entry[0]</c>. Null is anywhere.</param>
public sealed record Suppression(string Rule, string Reason, string? Path = null)
{
    /// <summary>Reads <c>RULE=REASON</c> or <c>RULE@PATH=REASON</c>.</summary>
    public static Result<Suppression> Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var head = (equals < 0 ? text : text[..equals]).Trim();
        var reason = equals < 0 ? "" : text[(equals + 1)..].Trim();
        var at = head.IndexOf('@', StringComparison.Ordinal);
        return Of(at < 0 ? head : head[..at], reason, at < 0 ? null : head[(at + 1)..]);
    }

    /// <summary>The same from its parts, checked: the rule has to exist, and there has to be a reason.</summary>
    public static Result<Suppression> Of(string? rule, string? reason, string? path)
    {
        var id = (rule ?? "").Split(':')[0];
        if (!Rules.Exists(id))
        {
            return new Failure(FailureKind.Malformed, IssueCode.NotFound, $"There is no rule '{rule}' to suppress.");
        }

        return string.IsNullOrWhiteSpace(reason)
            ? new Failure(FailureKind.Malformed, IssueCode.Required, $"The suppression of {rule} has no reason; write {rule}=REASON.")
            : new Suppression(rule!, reason.Trim(), string.IsNullOrWhiteSpace(path) ? null : path.Trim());
    }

    internal static void Apply(IReadOnlyList<Suppression> suppressions, List<Issue> issues)
    {
        for (var i = 0; suppressions.Count > 0 && i < issues.Count; i++)
        {
            if (suppressions.FirstOrDefault(suppression => suppression.Covers(issues[i])) is { } accepted)
            {
                issues[i] = accepted.Accept(issues[i]);
            }
        }
    }

    private Issue Accept(Issue issue) => issue with
    {
        Severity = Rules.Suppressed.Severity,
        Code = Rules.Suppressed.IssueCode,
        Rule = Rules.Suppressed.Id,
        Text = $"{issue.Rule} is suppressed here ({Reason}): {issue.Text}",
    };

    private bool Covers(Issue issue)
    {
        var colon = Rule.IndexOf(':', StringComparison.Ordinal);
        var isRule = colon < 0 ? issue.Rule == Rule : issue.Rule == Rule[..colon] && issue.Text.StartsWith(Rule[(colon + 1)..] + ":", StringComparison.Ordinal);
        return isRule && (Path is null || IsWithin(Path, issue.Expression ?? ""));
    }

    /// <summary>Step by step; a step without a position stands for all positions.</summary>
    private static bool IsWithin(string path, string expression)
    {
        var (wanted, steps) = (path.Split('.'), expression.Split('.'));
        if (wanted.Length > steps.Length)
        {
            return false;
        }

        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] != steps[i] && wanted[i] != steps[i].Split('[')[0])
            {
                return false;
            }
        }

        return true;
    }
}
