using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace AtcFhir.R4.Xml;

/// <summary>Narrative between XML, where it is markup, and JSON, where it is a string. It stays as it was written wherever that is possible.</summary>
internal static partial class Xhtml
{
    /// <summary>The text of the div on which the reader stands; the reader is left on its end.</summary>
    public static string Read(XmlReader reader, XmlText text)
    {
        var scope = ((IXmlNamespaceResolver)reader).GetNamespacesInScope(XmlNamespaceScope.All);
        var selfContained = reader.Prefix.Length == 0 && reader.GetAttribute("xmlns") is not null;
        var start = Position(reader);
        var depth = reader.Depth;
        for (var inside = !reader.IsEmptyElement; inside && reader.Read(); inside = reader.NodeType != XmlNodeType.EndElement || reader.Depth > depth)
        {
            selfContained &= reader.Prefix is "" or "xml" && !HasPrefixedAttribute(reader);
        }

        var written = text.Between(start, Position(reader));
        return selfContained ? written : Rewrite(written, scope);
    }

    /// <summary>
    /// Writes a narrative into XML: as it is when it is well-formed, with numbers in the place of HTML's named entities (XML knows five), and, when
    /// it is no markup at all, as plain text in a div.
    /// </summary>
    public static void Write(XmlWriter output, string narrative)
    {
        var numeric = narrative.Contains('&') ? NamedEntity().Replace(narrative, Number) : narrative;
        switch (RootNamespace(numeric))
        {
            case FhirXml.XhtmlNamespace:
                output.WriteRaw(numeric);
                break;
            case "":
                output.WriteRaw(numeric.Insert(numeric.IndexOf("<div", StringComparison.Ordinal) + 4, $" xmlns=\"{FhirXml.XhtmlNamespace}\""));
                break;
            default:
                output.WriteElementString("div", FhirXml.XhtmlNamespace, narrative);
                break;
        }
    }

    private static (int Line, int Column) Position(XmlReader reader) => (((IXmlLineInfo)reader).LineNumber, ((IXmlLineInfo)reader).LinePosition);

    private static bool HasPrefixedAttribute(XmlReader reader)
    {
        var found = false;
        while (reader.MoveToNextAttribute())
        {
            found |= reader.Prefix is not ("" or "xml" or "xmlns");
        }

        reader.MoveToElement();
        return found;
    }

    /// <summary>A div that leans on declarations around it, written so that it stands by itself.</summary>
    private static string Rewrite(string written, IDictionary<string, string> scope)
    {
        var names = new XmlNamespaceManager(new NameTable());
        foreach (var (prefix, uri) in scope.Where(pair => pair.Key is not ("xml" or "xmlns")))
        {
            names.AddNamespace(prefix, uri);
        }

        var context = new XmlParserContext(null, names, null, XmlSpace.None);
        using var reader = XmlReader.Create(new StringReader(written), new XmlReaderSettings { ConformanceLevel = ConformanceLevel.Fragment, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null }, context);
        var result = new StringBuilder();
        using (var writer = XmlWriter.Create(result, new XmlWriterSettings { OmitXmlDeclaration = true, ConformanceLevel = ConformanceLevel.Fragment, NewLineHandling = NewLineHandling.None }))
        {
            Copy(reader, writer);
        }

        return result.ToString();
    }

    /// <summary>Elements of XHTML lose their prefix; everything else stays.</summary>
    private static void Copy(XmlReader reader, XmlWriter writer)
    {
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    var isEmpty = reader.IsEmptyElement;
                    writer.WriteStartElement(reader.NamespaceURI == FhirXml.XhtmlNamespace ? "" : reader.Prefix, reader.LocalName, reader.NamespaceURI);
                    while (reader.MoveToNextAttribute())
                    {
                        if (reader.Prefix != "xmlns" && reader.Name != "xmlns")
                        {
                            writer.WriteAttributeString(reader.Prefix, reader.LocalName, reader.NamespaceURI, reader.Value);
                        }
                    }

                    if (isEmpty)
                    {
                        writer.WriteEndElement();
                    }

                    break;
                case XmlNodeType.EndElement:
                    writer.WriteFullEndElement();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    writer.WriteString(reader.Value);
                    break;
            }
        }
    }

    /// <summary>The namespace of the single root div, or null when the text is not well-formed or something else.</summary>
    private static string? RootNamespace(string narrative)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(narrative), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, ConformanceLevel = ConformanceLevel.Document });
            reader.MoveToContent();
            var found = reader is { NodeType: XmlNodeType.Element, Name: "div" } ? reader.NamespaceURI : null;
            while (reader.Read())
            {
                found = reader.NodeType == XmlNodeType.XmlDeclaration ? null : found;
            }

            return narrative.StartsWith('<') && !narrative.StartsWith("<?", StringComparison.Ordinal) ? found : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static string Number(Match entity)
        => entity.Value is "&amp;" or "&lt;" or "&gt;" or "&quot;" or "&apos;" || WebUtility.HtmlDecode(entity.Value) is not { } decoded || decoded == entity.Value
            ? entity.Value
            : string.Concat(decoded.EnumerateRunes().Select(rune => $"&#{rune.Value.ToString(CultureInfo.InvariantCulture)};"));

    [GeneratedRegex("&[A-Za-z][A-Za-z0-9]*;")]
    private static partial Regex NamedEntity();
}
