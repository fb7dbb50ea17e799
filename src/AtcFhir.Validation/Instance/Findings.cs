using System.Runtime.InteropServices;
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

    /// <summary>So many objects are kept for the next run.</summary>
    private const int KeptAtMost = 64;

    /// <summary>The first <see cref="count"/> of these are what was found; the others are free.</summary>
    private readonly List<Finding> found = [];

    private ValidateRequest request = ValidateRequest.Default;
    private int count;
    private Dictionary<string, int>? kept;
    private int dropped;
    private bool droppedErrors;
    private Dictionary<(string Rule, int Node, string Text), Finding>? seen;
    private int silence;

    /// <summary>Forgets what an earlier run has found.</summary>
    public void Begin(ValidateRequest ofRun)
    {
        // Nothing of the document before stays referenced.
        for (var i = 0; i < count; i++)
        {
            found[i].Forget();
        }

        if (found.Count > KeptAtMost)
        {
            found.RemoveRange(KeptAtMost, found.Count - KeptAtMost);
            found.Capacity = KeptAtMost;
        }

        (request, count, seen, silence, Errors, FirstReason) = (ofRun, 0, null, 0, 0, null);
        (kept, dropped, droppedErrors) = (null, 0, false);
    }

    /// <summary>Errors so far, those of trials that are still open included.</summary>
    public int Errors { get; private set; }

    public bool IsEmpty => count == 0;

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

        if (Known(rule, node, text) is { } known)
        {
            known.AlsoBy(detail, grade);
            return;
        }

        Errors += isError ? 1 : 0;
        if (count >= MostOfARule && Kept(rule) >= MostOfARule)
        {
            dropped++;
            droppedErrors |= isError;
            return;
        }

        var finding = Next();
        finding.Set(rule, node, text, detail, grade, position.Exists ? position : node);
        seen?.Add((rule.Id, node.Index, text), finding);
        if (kept is not null)
        {
            kept[rule.Id] = kept.GetValueOrDefault(rule.Id) + 1;
        }
    }

    private Finding Next()
    {
        if (count == found.Count)
        {
            found.Add(new Finding());
        }

        return found[count++];
    }

    private ReadOnlySpan<Finding> Found => CollectionsMarshal.AsSpan(found)[..count];

    /// <summary>The same finding, if it has been made before.</summary>
    private Finding? Known(ValidationRule rule, Node node, string text)
    {
        if (count > Few)
        {
            seen ??= found.Take(count).ToDictionary(finding => (finding.Rule.Id, finding.Node.Index, finding.Text));
            return seen.GetValueOrDefault((rule.Id, node.Index, text));
        }

        foreach (var finding in Found)
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
        kept ??= found.Take(count).CountBy(finding => finding.Rule.Id).ToDictionary(StringComparer.Ordinal);
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
        if (count == 0 && request.Suppressions is not { Count: > 0 })
        {
            return document.Issues;
        }

        var issues = new List<Issue>(document.Issues.Count + count);
        issues.AddRange(document.Issues);
        AddFound(document, issues);

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
        CollectionsMarshal.AsSpan(found)[..count].Sort(static (left, right) => left.Start.CompareTo(right.Start));
        var lines = new TextPositions(document.Utf8.Span);
        var unreadable = document.Issues.Count == 0 ? null : Unreadable(document);
        foreach (var finding in Found)
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
        return new Issue(finding.Severity, finding.Rule.IssueCode, ProfileWords.In(finding.Text, finding.Profiles))
        {
            Rule = finding.Rule.Id,
            Expression = expression,
            Line = line,
            Column = column,
            Profiles = finding.Profiles.Count == 0 ? [] : [.. finding.Profiles.Select(profile => profile.Structure.Canonical)],
            Expected = detail.Expected,
            Found = detail.Found,
            Diagnostics = finding.Diagnostics,
        };
    }

    /// <summary>One finding; the object serves one run after the other.</summary>
    private sealed class Finding
    {
        /// <summary>Where other profiles demand it.</summary>
        private List<string>? morePlaces;

        public ValidationRule Rule { get; private set; } = null!;

        public Node Node { get; private set; }

        public string Text { get; private set; } = "";

        public FindingDetail Detail { get; private set; }

        public IssueSeverity Severity { get; private set; }

        public Node Position { get; private set; }

        /// <summary>Offset in the text. A primitive that has no value stands where its parent starts.</summary>
        public int Start { get; private set; }

        public IReadOnlyList<CompiledProfile> Profiles { get; private set; } = [];

        public void Set(ValidationRule rule, Node node, string text, FindingDetail detail, IssueSeverity severity, Node position)
        {
            (Rule, Node, Text, Detail, Severity, Position) = (rule, node, text, detail, severity, position);
            (Start, Profiles, morePlaces) = (StartOf(position), detail.Profile is { } profile ? [profile] : [], null);
        }

        public void Forget() => (Node, Position, Text, Detail) = (default, default, "", default);

        /// <summary>Where it is demanded, then what is expected and found.</summary>
        public string? Diagnostics
        {
            get
            {
                if (morePlaces is null && Detail.Expected is null && Detail.Found is null)
                {
                    return Detail.Where;
                }

                IEnumerable<string> parts = Detail.Where is { } place ? [place] : [];
                parts = parts.Concat(morePlaces ?? []);
                parts = Detail.Expected is { } expected ? parts.Append("expected " + expected) : parts;
                parts = Detail.Found is { } there ? parts.Append("found " + there) : parts;
                return string.Join("; ", parts);
            }
        }

        /// <summary>Another profile demands the same: one finding, which names both, with the graver severity.</summary>
        public void AlsoBy(FindingDetail other, IssueSeverity otherSeverity)
        {
            if (other.Where is { } place && place != Detail.Where && morePlaces?.Contains(place) != true)
            {
                (morePlaces ??= []).Add(place);
            }

            if (other.Profile is { } demanding && !Profiles.Contains(demanding))
            {
                Profiles = [.. Profiles, demanding];
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
