using AtcFhir.R4.Outcomes;
using AtcFhir.R4.Xml;

namespace AtcFhir.R4.Documents;

// A document that came as XML: its JSON form, with positions in the XML.
public sealed partial class ResourceDocument
{
    private ResourceDocument(ResourceDocument parsed, Func<int, (int Line, int Column)> position, IReadOnlyList<Issue> issues)
    {
        (Utf8, rows, NodeCount, resourceTypeEnd) = (parsed.Utf8, parsed.rows, parsed.NodeCount, parsed.resourceTypeEnd);
        (Issues, IsWellFormed, SourcePosition) = (issues, issues.Count == 0, position);
    }

    /// <summary>
    /// Reads XML. Fails only when it cannot be read as a FHIR resource at all; every other fault is one of <see cref="Issues"/>, with the line and column of the
    /// XML. <see href="https://hl7.org/fhir/R4/xml.html"/>
    /// </summary>
    public static Result<ResourceDocument> ParseXml(ReadOnlyMemory<byte> xml, DocumentLimits? limits = null)
    {
        limits ??= DocumentLimits.Default;
        if (!FhirXml.ToJson(xml, limits).TryGet(out var conversion, out var failure))
        {
            return failure;
        }

        // The JSON form may be a little larger than the XML, whose size was checked.
        if (!Parse(conversion.Json, limits with { MaxBytes = int.MaxValue }).TryGet(out var parsed, out failure))
        {
            return failure;
        }

        return new ResourceDocument(parsed, conversion.Map.At, Join(conversion, parsed, limits.MaxIssues));
    }

    /// <summary>True when lines and columns are those of XML.</summary>
    public bool IsFromXml => SourcePosition is not null;

    /// <summary>
    /// A resource that stands in this document, as a document of its own. Of JSON its positions begin anew; of XML they stay, and what is wrong with the XML stays too.
    /// </summary>
    public Result<ResourceDocument> Inner(Node resource, DocumentLimits? limits = null)
    {
        var json = resource.JsonSpan.ToArray();
        if (!Parse(json, limits).TryGet(out var parsed, out var failure) || SourcePosition is not { } source)
        {
            return parsed is null ? failure! : parsed;
        }

        var start = resource.JsonRange.Start.Value;
        var moved = parsed.Issues.Select(issue => source(start + OffsetOf(json, issue.Column ?? 1)) is var (line, column) ? issue with { Line = line, Column = column } : issue).ToList();
        var ofXml = Issues.Where(issue => issue.Rule?.StartsWith("ATC-S03", StringComparison.Ordinal) == true && !moved.Exists(other => (other.Line, other.Column) == (issue.Line, issue.Column)));
        return new ResourceDocument(parsed, offset => source(start + offset), [.. moved.Concat(ofXml).OrderBy(issue => (issue.Line, issue.Column))]);
    }

    /// <summary>Both lists by position in the XML; what the XML shows at a place explains what its JSON form has there.</summary>
    private static List<Issue> Join(XmlConversion conversion, ResourceDocument parsed, int most)
    {
        var seen = conversion.Issues.Select(issue => (issue.Line, issue.Column)).ToHashSet();
        var moved = parsed.Issues.Select(issue => conversion.Map.At(OffsetOf(conversion.Json, issue.Column ?? 1)) is var (line, column) ? issue with { Line = line, Column = column } : issue)
            .Where(issue => !seen.Contains((issue.Line, issue.Column)) && !IsConsequence(issue, conversion));
        return [.. conversion.Issues.Concat(moved).OrderBy(issue => (issue.Line, issue.Column)).Take(most)];
    }

    private static bool IsConsequence(Issue issue, XmlConversion conversion)
        => issue.Rule == StructureRule.Empty.Id && conversion.Incomplete.Contains((issue.Line!.Value, issue.Column!.Value));

    /// <summary>The byte at a one-based column, in characters, of JSON that has one line.</summary>
    private static int OffsetOf(ReadOnlySpan<byte> json, int column)
    {
        var offset = 0;
        for (; column > 1 && offset < json.Length; column--)
        {
            do
            {
                offset++;
            }
            while (offset < json.Length && (json[offset] & 0xC0) == 0x80);
        }

        return offset;
    }
}
