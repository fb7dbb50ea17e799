using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.R4.Xml;

/// <summary>Faults that only the XML shows, up to a limit.</summary>
internal sealed class XmlFindings(int limit)
{
    private readonly List<Issue> issues = [];

    public IReadOnlyList<Issue> Issues => issues;

    /// <summary>Elements something inside of which could not be taken over; that they are empty is no fault of its own.</summary>
    public HashSet<(int Line, int Column)> Incomplete { get; } = [];

    public void Add(StructureRule rule, (int Line, int Column) position, string? expression, string text)
    {
        if (issues.Count < limit)
        {
            issues.Add(Issue.Error(rule.IssueCode, text) with { Rule = rule.Id, Expression = expression, Line = position.Line, Column = position.Column });
        }
    }
}
