using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.R4.Xml;

/// <summary>
/// The bridge between FHIR XML and the JSON that <see cref="ResourceDocument"/> holds. It goes by the definitions, keeps the text of every value
/// (decimals with all their digits) and the narrative as written. <see href="https://hl7.org/fhir/R4/xml.html"/>
/// </summary>
public static class FhirXml
{
    /// <summary>The namespace of all FHIR elements.</summary>
    public const string Namespace = "http://hl7.org/fhir";

    internal const string XhtmlNamespace = "http://www.w3.org/1999/xhtml";

    /// <summary>
    /// Turns XML into JSON. Fails only when the text is no XML (a document type declaration counts as that), no FHIR resource, or too large; other faults
    /// are issues with the line and column of the XML, and what could be read is in the JSON.
    /// </summary>
    public static Result<XmlConversion> ToJson(ReadOnlyMemory<byte> xml, DocumentLimits? limits = null) => XmlConverter.Convert(xml, limits ?? DocumentLimits.Default);

    /// <summary>Writes the document as XML (UTF-8, no byte order mark): elements in the order of the definition.</summary>
    /// <param name="pretty">Elements on lines of their own, indented; but not those of the narrative, whose space is text.</param>
    public static void Write(ResourceDocument document, Stream output, bool pretty = false) => XmlOutput.Write(document, output, pretty);

    /// <summary>The document as XML.</summary>
    public static byte[] ToUtf8(ResourceDocument document, bool pretty = false)
    {
        using var stream = new MemoryStream(document.Utf8.Length * 2);
        Write(document, stream, pretty);
        return stream.ToArray();
    }
}

/// <summary>What became of an XML text.</summary>
/// <param name="Json">The resource as UTF-8 JSON.</param>
/// <param name="Map">From the JSON back to the XML.</param>
/// <param name="Issues">Faults that only the XML shows: unknown elements, text, attributes, order.</param>
public sealed record XmlConversion(byte[] Json, XmlSourceMap Map, IReadOnlyList<Issue> Issues)
{
    /// <summary>Positions of elements of which something could not be taken over.</summary>
    internal IReadOnlySet<(int Line, int Column)> Incomplete { get; init; } = new HashSet<(int Line, int Column)>();
}
