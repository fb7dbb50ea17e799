using AtcFhir.R4.Outcomes;

namespace AtcFhir.R4.Documents;

/// <summary>What the parser found on its way, kept small; text positions and expressions are worked out only when there is something to say.</summary>
internal sealed class StructureFindings(int limit)
{
    private List<(StructureRule Rule, int Node, int Offset, string Text, string? Child)>? found;
    private int beyond;

    public bool IsEmpty => found is null;

    /// <param name="child">The element of the node that it is about, where that is none of the nodes, or every occurrence of it.</param>
    public void Add(StructureRule rule, int node, int offset, string text, string? child = null)
    {
        found ??= [];
        if (found.Count < limit)
        {
            found.Add((rule, node, offset, text, child));
        }
        else
        {
            beyond++;
        }
    }

    public IReadOnlyList<Issue> ToIssues(ResourceDocument document)
    {
        if (found is null)
        {
            return [];
        }

        var positions = new TextPositions(document.Utf8.Span);
        List<Issue> issues = [];
        foreach (var (rule, node, offset, text, child) in found.OrderBy(finding => finding.Offset))
        {
            var (line, column) = positions.At(offset);
            issues.Add(Issue.Error(rule.IssueCode, text) with { Rule = rule.Id, Expression = child is null ? document.NodeAt(node).Expression : document.NodeAt(node).Expression + "." + child, Line = line, Column = column });
        }

        if (beyond > 0)
        {
            var rule = StructureRule.TooLarge;
            issues.Add(Issue.Error(rule.IssueCode, $"{beyond} more faults are not listed; mend the ones above first.") with { Rule = rule.Id });
        }

        return issues;
    }
}

/// <summary>Turns byte offsets into one-based lines and columns (in characters), in one walk over the text for offsets that grow.</summary>
internal ref struct TextPositions(ReadOnlySpan<byte> utf8)
{
    private readonly ReadOnlySpan<byte> utf8 = utf8;
    private int at;
    private int line = 1;
    private int column = 1;

    public (int Line, int Column) At(int offset)
    {
        offset = Math.Min(offset, utf8.Length);
        if (offset < at)
        {
            (at, line, column) = (0, 1, 1);
        }

        var between = utf8[at..offset];
        if (between.Count((byte)'\n') is var newlines && newlines > 0)
        {
            line += newlines;
            column = 1;
            at += between.LastIndexOf((byte)'\n') + 1;
        }

        column += Characters(utf8[at..offset]);

        at = offset;
        return (line, column);
    }

    private static int Characters(ReadOnlySpan<byte> text)
    {
        if (System.Text.Ascii.IsValid(text))
        {
            return text.Length;
        }

        var count = 0;
        foreach (var b in text)
        {
            // Continuation bytes of UTF-8 are no characters of their own.
            count += (b & 0xC0) == 0x80 ? 0 : 1;
        }

        return count;
    }
}
