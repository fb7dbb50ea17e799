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

    /// <summary>Up to here equal findings are looked for one by one.</summary>
    private const int Few = 16;

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

        found ??= [];
        if (Known(rule, node, text) is { } known)
        {
            known.AlsoBy(detail, grade);
            return;
        }

        Errors += isError ? 1 : 0;
        if (found.Count >= MostOfARule && Kept(rule) >= MostOfARule)
        {
            dropped++;
            droppedErrors |= isError;
            return;
        }

        var finding = new Finding(rule, node, text, detail, grade, position.Exists ? position : node);
        found.Add(finding);
        seen?.Add((rule.Id, node.Index, text), finding);
        if (kept is not null)
        {
            kept[rule.Id] = kept.GetValueOrDefault(rule.Id) + 1;
        }
    }

    /// <summary>The same finding, if it has been made before.</summary>
    private Finding? Known(ValidationRule rule, Node node, string text)
    {
        if (found!.Count > Few)
        {
            seen ??= found.ToDictionary(finding => (finding.Rule.Id, finding.Node.Index, finding.Text));
            return seen.GetValueOrDefault((rule.Id, node.Index, text));
        }

        foreach (var finding in found)
        {
            if (finding.Node.Index == node.Index && ReferenceEquals(finding.Rule, rule) && finding.Text == text)
            {
                return finding;
            }
        }

        return null;
    }

    /// <summary>How many findings of the rule there are; counted from when there can be too many.</summary>
    private int Kept(ValidationRule rule)
    {
        kept ??= found!.CountBy(finding => finding.Rule.Id).ToDictionary(StringComparer.Ordinal);
        return kept.GetValueOrDefault(rule.Id);
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
        found!.Sort((left, right) => left.Start.CompareTo(right.Start));
        var lines = new TextPositions(document.Utf8.Span);
        var unreadable = document.Issues.Count == 0 ? null : Unreadable(document);
        foreach (var finding in found)
        {
            var expression = finding.Node.Expression;
            if (unreadable?.Contains(expression) == true)
            {
                continue;
            }

            var (line, column) = document.SourcePosition is null ? lines.At(finding.Start) : finding.Position.Position;
            issues.Add(ToIssue(finding, expression, line, column));
        }
    }

    /// <summary>Elements whose own value or JSON type is wrong: nothing more is said of these.</summary>
    private static HashSet<string> Unreadable(ResourceDocument document)
        => [.. document.Issues.Where(issue => issue.Rule == StructureRule.BadValue.Id || issue.Rule == StructureRule.WrongJsonType.Id || issue.Rule == StructureRule.BadCode.Id).Select(issue => issue.Expression ?? "")];

    private static Issue ToIssue(Finding finding, string expression, int line, int column)
    {
        var detail = finding.Detail;
        return new Issue(finding.Severity, finding.Rule.IssueCode, ProfileWords.In(finding.Text, finding.Profiles ?? []))
        {
            Rule = finding.Rule.Id,
            Expression = expression,
            Line = line,
            Column = column,
            Profiles = finding.Profiles is { } profiles ? [.. profiles.Select(profile => profile.Structure.Canonical)] : [],
            Expected = detail.Expected,
            Found = detail.Found,
            Diagnostics = finding.Diagnostics,
        };
    }

    private sealed class Finding(ValidationRule rule, Node node, string text, FindingDetail detail, IssueSeverity severity, Node position)
    {
        /// <summary>Where other profiles demand it.</summary>
        private List<string>? morePlaces;

        public ValidationRule Rule => rule;

        public Node Node => node;

        public string Text => text;

        public FindingDetail Detail => detail;

        public IssueSeverity Severity { get; private set; } = severity;

        public Node Position => position;

        /// <summary>Offset in the text. A primitive that has no value stands where its parent starts.</summary>
        public int Start { get; } = StartOf(position);

        public List<CompiledProfile>? Profiles { get; private set; } = detail.Profile is { } profile ? [profile] : null;

        /// <summary>Where it is demanded, then what is expected and found.</summary>
        public string? Diagnostics
        {
            get
            {
                if (morePlaces is null && detail.Expected is null && detail.Found is null)
                {
                    return detail.Where;
                }

                IEnumerable<string> parts = detail.Where is { } place ? [place] : [];
                parts = parts.Concat(morePlaces ?? []);
                parts = detail.Expected is { } expected ? parts.Append("expected " + expected) : parts;
                parts = detail.Found is { } there ? parts.Append("found " + there) : parts;
                return string.Join("; ", parts);
            }
        }

        /// <summary>Another profile demands the same: one finding, which names both, with the graver severity.</summary>
        public void AlsoBy(FindingDetail other, IssueSeverity otherSeverity)
        {
            if (other.Where is { } place && place != detail.Where && morePlaces?.Contains(place) != true)
            {
                (morePlaces ??= []).Add(place);
            }

            if (other.Profile is { } demanding && Profiles?.Contains(demanding) != true)
            {
                (Profiles ??= []).Add(demanding);
            }

            Severity = otherSeverity < Severity ? otherSeverity : Severity;
        }

        private static int StartOf(Node node)
        {
            while (node.Document.Rows[node.Index].End == 0 && node.Parent.Exists)
            {
                node = node.Parent;
            }

            return node.Document.Rows[node.Index].Start;
        }
    }
}
