using System.Text;
using System.Xml;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.R4.Xml;

/// <summary>XML to JSON: guards, reading to a tree, writing the tree as JSON.</summary>
internal static class XmlConverter
{
    public static Result<XmlConversion> Convert(ReadOnlyMemory<byte> xml, DocumentLimits limits)
    {
        if (xml.Length > limits.MaxBytes)
        {
            return Fail(FailureKind.TooLarge, StructureRule.TooLarge, $"The resource has {xml.Length} bytes; at most {limits.MaxBytes} are read.", 1, 1);
        }

        var utf8 = xml.Span.StartsWith("\uFEFF"u8) ? xml.Span[3..] : xml.Span;
        if (!System.Text.Unicode.Utf8.IsValid(utf8))
        {
            return Fail(FailureKind.Malformed, StructureRule.NotUtf8, "The text is not UTF-8; FHIR XML is always UTF-8.", 1, 1);
        }

        var text = Encoding.UTF8.GetString(utf8);
        var findings = new XmlFindings(limits.MaxIssues);
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), Settings);
            return new XmlTreeReader(reader, new XmlText(text), limits, findings).ReadRoot() is { } root
                ? JsonEmitter.Emit(root, findings)
                : new Failure(FailureKind.Malformed, findings.Issues);
        }
        catch (XmlException fault)
        {
            // The reader's own message may quote the text; ours says where without it.
            var reason = fault.Message.Contains("DTD", StringComparison.Ordinal) ? "A document type declaration is not allowed in FHIR XML." : "The text is not XML from here on.";
            return Fail(FailureKind.Malformed, StructureRule.NotXml, reason, Math.Max(1, fault.LineNumber), Math.Max(1, fault.LinePosition));
        }
        catch (TooDeepException fault)
        {
            return Fail(FailureKind.Malformed, StructureRule.TooLarge, $"The XML is nested deeper than {limits.MaxDepth} levels.", fault.Line, fault.Column);
        }
    }

    /// <summary>No document type declaration, so no entities of its own, and nothing is ever fetched.</summary>
    private static XmlReaderSettings Settings => new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CheckCharacters = true,
    };

    private static Failure Fail(FailureKind kind, StructureRule rule, string text, int line, int column)
        => new(kind, [new Issue(IssueSeverity.Fatal, rule.IssueCode, text) { Rule = rule.Id, Line = line, Column = column }]);
}

/// <summary>Stops the reading of what is nested too deeply.</summary>
internal sealed class TooDeepException(int line, int column) : Exception
{
    public int Line => line;

    public int Column => column;
}
