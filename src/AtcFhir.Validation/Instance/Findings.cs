using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// What a run has found so far. Texts are made when something is found, positions and expressions only for what is reported in the end.
/// The same finding is kept once, whichever profiles lead to it.
/// </summary>
internal sealed class Findings(ValidateRequest request)
{
    private List<Finding>? found;
    private HashSet<(string Rule, int Node, string Text)>? seen;
    private int silence;

    /// <summary>Errors so far, those of trials that are still open included.</summary>
    public int Errors { get; private set; }

    public bool IsEmpty => found is null;

    /// <summary>Inside a trial nothing is kept: only whether there were errors, and the first of them, count.</summary>
    public bool IsSilent => silence > 0;

    /// <summary>Why the current trial failed, for messages.</summary>
    public string? FirstReason { get; private set; }

    public void Add(ValidationRule rule, Node node, string text, string? diagnostics = null, IssueSeverity? severity = null, Node position = default)
    {
        var grade = severity ?? rule.Severity;
        var isError = grade is IssueSeverity.Error or IssueSeverity.Fatal;
        if (request.IgnoreRules?.Contains(rule.Id) == true)
        {
            return;
        }

        if (silence > 0)
        {
            if (isError)
            {
                Errors++;
                FirstReason ??= text;
            }

            return;
        }

        if ((seen ??= []).Add((rule.Id, node.Index, text)))
        {
            Errors += isError ? 1 : 0;
            (found ??= []).Add(new Finding(rule, node, text, diagnostics, grade, position.Exists ? position : node));
        }
    }

    /// <summary>Starts a trial: from here to <see cref="EndTrial"/> findings decide, but are not reported.</summary>
    public int BeginTrial()
    {
        silence++;
        FirstReason = null;
        return Errors;
    }

    /// <summary>True when the trial found no error.</summary>
    public bool EndTrial(int errorsBefore)
    {
        silence--;
        var passed = Errors == errorsBefore;
        Errors = errorsBefore;
        return passed;
    }

    /// <summary>Those of the structure check and these, by position.</summary>
    public IReadOnlyList<Issue> Join(ResourceDocument document)
    {
        if (found is null)
        {
            return document.Issues;
        }

        var issues = new List<Issue>(document.Issues);
        AddFound(document, issues);
        issues = [.. issues.OrderBy(issue => issue.Line ?? 0).ThenBy(issue => issue.Column ?? 0).ThenBy(issue => issue.Severity)];
        if (issues.Count > request.MaxIssues)
        {
            // Errors are never the ones that are left out.
            var more = issues.Count - request.MaxIssues;
            issues = [.. issues.OrderBy(issue => issue.Severity).Take(request.MaxIssues).OrderBy(issue => issue.Line ?? 0).ThenBy(issue => issue.Column ?? 0)];
            var rule = Rules.TooManyIssues;
            issues.Add(new Issue(rule.Severity, rule.IssueCode, $"{more} more issues are not listed; mend the ones above first.") { Rule = rule.Id });
        }

        return issues;
    }

    /// <summary>In the order of the text, so that lines are counted once for all findings together.</summary>
    private void AddFound(ResourceDocument document, List<Issue> issues)
    {
        found!.Sort((left, right) => Start(left).CompareTo(Start(right)));
        var lines = new TextPositions(document.Utf8.Span);
        foreach (var finding in found)
        {
            var (line, column) = document.SourcePosition is null ? lines.At(Start(finding)) : finding.Position.Position;
            issues.Add(ToIssue(finding, line, column));
        }
    }

    /// <summary>A primitive that has no value stands where its parent starts.</summary>
    private static int Start(Finding finding)
    {
        var node = finding.Position;
        while (node.Document.Rows[node.Index].End == 0 && node.Parent.Exists)
        {
            node = node.Parent;
        }

        return node.Document.Rows[node.Index].Start;
    }

    private static Issue ToIssue(Finding finding, int line, int column)
    {
        return new Issue(finding.Severity, finding.Rule.IssueCode, finding.Text)
        {
            Rule = finding.Rule.Id,
            Expression = finding.Node.Expression,
            Line = line,
            Column = column,
            Diagnostics = finding.Diagnostics,
        };
    }

    private readonly record struct Finding(ValidationRule Rule, Node Node, string Text, string? Diagnostics, IssueSeverity Severity, Node Position);
}
