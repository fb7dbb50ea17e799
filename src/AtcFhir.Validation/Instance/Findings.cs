using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation.Profiles;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// What a run has found so far. Texts are made when something is found, positions and expressions only for what is reported in the end.
/// The same finding is kept once, whichever profiles lead to it.
/// </summary>
internal sealed class Findings
{
    /// <summary>Of one rule no more than this are kept: a hostile document has millions of faults.</summary>
    private const int MostOfARule = 2_000;

    private ValidateRequest request = ValidateRequest.Default;
    private List<Finding>? found;
    private Dictionary<string, int>? kept;
    private int dropped;
    private bool droppedErrors;
    private Dictionary<(string Rule, int Node, string Text), Finding>? seen;
    private int silence;

    /// <summary>Forgets what an earlier run has found.</summary>
    public void Begin(ValidateRequest ofRun)
    {
        (request, found, seen, silence, Errors, FirstReason) = (ofRun, null, null, 0, 0, null);
        (kept, dropped, droppedErrors) = (null, 0, false);
    }

    /// <summary>Errors so far, those of trials that are still open included.</summary>
    public int Errors { get; private set; }

    public bool IsEmpty => found is null;

    /// <summary>Inside a trial nothing is kept: only whether there were errors, and the first of them, count.</summary>
    public bool IsSilent => silence > 0;

    /// <summary>Why the current trial failed, for messages.</summary>
    public string? FirstReason { get; private set; }

    /// <param name="text">One sentence; {profile} and {Profile} in it stand for the profile that demands it.</param>
    public void Add(ValidationRule rule, Node node, string text, FindingDetail detail = default, IssueSeverity? severity = null, Node position = default)
    {
        var grade = severity ?? rule.Severity;
        var isError = grade is IssueSeverity.Error or IssueSeverity.Fatal;
        if (silence > 0)
        {
            if (isError)
            {
                Errors++;
                FirstReason ??= ProfileWords.In(text, []);
            }

            return;
        }

        seen ??= [];
        if (seen.TryGetValue((rule.Id, node.Index, text), out var known))
        {
            known.AlsoBy(detail, grade);
            return;
        }

        Errors += isError ? 1 : 0;
        kept ??= new Dictionary<string, int>(StringComparer.Ordinal);
        var alike = kept.GetValueOrDefault(rule.Id);
        if (alike >= MostOfARule)
        {
            dropped++;
            droppedErrors |= isError;
            return;
        }

        kept[rule.Id] = alike + 1;
        var finding = new Finding(rule, node, text, detail, grade, position.Exists ? position : node);
        seen[(rule.Id, node.Index, text)] = finding;
        (found ??= []).Add(finding);
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
        if (found is null && request.Suppressions is not { Count: > 0 })
        {
            return document.Issues;
        }

        var issues = new List<Issue>(document.Issues);
        if (found is not null)
        {
            AddFound(document, issues);
        }

        Suppression.Apply(request.Suppressions ?? [], issues);
        if (!IsInOrder(issues))
        {
            issues = [.. issues.OrderBy(issue => issue.Line ?? 0).ThenBy(issue => issue.Column ?? 0).ThenBy(issue => issue.Severity)];
        }

        if (issues.Count > request.MaxIssues || dropped > 0)
        {
            // Errors are never the ones that are left out.
            var more = Math.Max(0, issues.Count - request.MaxIssues) + dropped;
            issues = [.. issues.OrderBy(issue => issue.Severity).Take(request.MaxIssues).OrderBy(issue => issue.Line ?? 0).ThenBy(issue => issue.Column ?? 0)];
            var rule = Rules.TooManyIssues;
            issues.Add(new Issue(droppedErrors ? IssueSeverity.Error : rule.Severity, rule.IssueCode, $"{more} more issues are not listed; mend the ones above first.") { Rule = rule.Id });
        }

        return issues;
    }

    /// <summary>Mostly so, since <see cref="AddFound"/> follows the text.</summary>
    private static bool IsInOrder(List<Issue> issues)
    {
        for (var i = 1; i < issues.Count; i++)
        {
            var (before, after) = (issues[i - 1], issues[i]);
            if ((before.Line ?? 0, before.Column ?? 0, before.Severity).CompareTo((after.Line ?? 0, after.Column ?? 0, after.Severity)) > 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>In the order of the text, so that lines are counted once for all findings together.</summary>
    private void AddFound(ResourceDocument document, List<Issue> issues)
    {
        found!.Sort((left, right) => Start(left).CompareTo(Start(right)));
        var lines = new TextPositions(document.Utf8.Span);
        var unreadable = Unreadable(document);
        foreach (var finding in found)
        {
            if (unreadable.Contains(finding.Node.Expression))
            {
                continue;
            }

            var (line, column) = document.SourcePosition is null ? lines.At(Start(finding)) : finding.Position.Position;
            issues.Add(ToIssue(finding, line, column));
        }
    }

    /// <summary>Elements whose own value or JSON type is wrong: nothing more is said of these.</summary>
    private static HashSet<string> Unreadable(ResourceDocument document)
        => [.. document.Issues.Where(issue => issue.Rule == StructureRule.BadValue.Id || issue.Rule == StructureRule.WrongJsonType.Id || issue.Rule == StructureRule.BadCode.Id).Select(issue => issue.Expression ?? "")];

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
        var detail = finding.Detail;
        return new Issue(finding.Severity, finding.Rule.IssueCode, ProfileWords.In(finding.Text, finding.Profiles))
        {
            Rule = finding.Rule.Id,
            Expression = finding.Node.Expression,
            Line = line,
            Column = column,
            Profiles = [.. finding.Profiles.Select(profile => profile.Structure.Canonical)],
            Expected = detail.Expected,
            Found = detail.Found,
            Diagnostics = finding.Diagnostics,
        };
    }

    private sealed class Finding(ValidationRule rule, Node node, string text, FindingDetail detail, IssueSeverity severity, Node position)
    {
        private readonly List<string> places = detail.Where is { } where ? [where] : [];

        public ValidationRule Rule => rule;

        public Node Node => node;

        public string Text => text;

        public FindingDetail Detail => detail;

        public IssueSeverity Severity { get; private set; } = severity;

        public Node Position => position;

        public List<CompiledProfile> Profiles { get; } = detail.Profile is { } profile ? [profile] : [];

        /// <summary>Where it is demanded, then what is expected and found.</summary>
        public string? Diagnostics
        {
            get
            {
                IEnumerable<string> parts = places;
                parts = detail.Expected is { } expected ? parts.Append("expected " + expected) : parts;
                parts = detail.Found is { } there ? parts.Append("found " + there) : parts;
                return parts.Any() ? string.Join("; ", parts) : null;
            }
        }

        /// <summary>Another profile demands the same: one finding, which names both, with the graver severity.</summary>
        public void AlsoBy(FindingDetail other, IssueSeverity otherSeverity)
        {
            if (other.Where is { } place && !places.Contains(place))
            {
                places.Add(place);
            }

            if (other.Profile is { } demanding && !Profiles.Contains(demanding))
            {
                Profiles.Add(demanding);
            }

            Severity = otherSeverity < Severity ? otherSeverity : Severity;
        }
    }
}
