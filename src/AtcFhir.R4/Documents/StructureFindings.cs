using AtcFhir.R4.Outcomes;

namespace AtcFhir.R4.Documents;

/// <summary>What the parser found on its way, kept small; text positions and expressions are worked out only when there is something to say.</summary>
internal sealed class StructureFindings(int limit)
{
    private readonly List<(StructureRule Rule, int Node, int Offset, string Text)> found = [];
    private int beyond;

    public bool IsEmpty => found.Count == 0;

    public void Add(StructureRule rule, int node, int offset, string text)
    {
        if (found.Count < limit)
        {
            found.Add((rule, node, offset, text));
        }
        else
        {
            beyond++;
        }
    }

    public IReadOnlyList<Issue> ToIssues(ResourceDocument document)
    {
        if (found.Count == 0)
        {
            return [];
        }

        var positions = new TextPositions(document.Utf8.Span);
        List<Issue> issues = [];
        foreach (var (rule, node, offset, text) in found.OrderBy(finding => finding.Offset))
        {
            var (line, column) = positions.At(offset);
            issues.Add(Issue.Error(rule.IssueCode, text) with { Rule = rule.Id, Expression = document.NodeAt(node).Expression, Line = line, Column = column });
        }

        if (beyond > 0)
        {
            var rule = StructureRule.TooLarge;
            issues.Add(Issue.Error(rule.IssueCode, $"{beyond} more faults are not listed; mend the ones above first.") with { Rule = rule.Id });
        }

        return issues;
    }
}

/// <summary>Turns byte offsets into one-based lines and columns (in characters), cheaply for offsets that grow.</summary>
internal ref struct TextPositions(ReadOnlySpan<byte> utf8)
{
    private readonly ReadOnlySpan<byte> utf8 = utf8;
    private int lineStart;
    private int line = 1;

    public (int Line, int Column) At(int offset)
    {
        offset = Math.Min(offset, utf8.Length);
        if (offset < lineStart)
        {
            (line, lineStart) = (1, 0);
        }

        while (utf8[lineStart..offset].IndexOf((byte)'\n') is var newline && newline >= 0)
        {
            line++;
            lineStart += newline + 1;
        }

        var column = 1;
        foreach (var b in utf8[lineStart..offset])
        {
            // Continuation bytes of UTF-8 are no characters of their own.
            column += (b & 0xC0) == 0x80 ? 0 : 1;
        }

        return (line, column);
    }
}
