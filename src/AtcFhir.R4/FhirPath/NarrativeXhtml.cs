using System.Xml;

namespace AtcFhir.R4.FhirPath;

/// <summary>
/// The XHTML that a narrative may hold: one div in the XHTML namespace with basic formatting, links and images; no head, scripts, forms, frames, objects,
/// events, external styles or entity declarations; and something to read in it. Read as a stream, nothing is resolved.
/// <see href="https://hl7.org/fhir/R4/narrative.html#xhtml"/>
/// </summary>
public static class NarrativeXhtml
{
    private const string Namespace = "http://www.w3.org/1999/xhtml";
    private const int MaxDepth = 200;

    private static readonly HashSet<string> Elements =
    [
        "div", "p", "br", "h1", "h2", "h3", "h4", "h5", "h6", "a", "span", "b", "em", "i", "strong", "small", "big", "tt", "u", "s", "strike", "dfn", "q", "var",
        "abbr", "acronym", "cite", "blockquote", "hr", "ul", "ol", "li", "dl", "dt", "dd", "pre", "table", "caption", "colgroup", "col", "thead", "tr", "tfoot",
        "tbody", "th", "td", "code", "samp", "img", "map", "area", "kbd", "sub", "sup", "address", "bdo", "ins", "del", "center", "font",
    ];

    private static readonly HashSet<string> Attributes =
    [
        "title", "style", "class", "id", "idref", "lang", "xml:lang", "xml:space", "dir", "accesskey", "tabindex", "span", "width", "height", "align", "valign",
        "char", "charoff", "abbr", "axis", "headers", "scope", "rowspan", "colspan", "cellspacing", "cellpadding", "frame", "rules", "border", "summary",
        "href", "hreflang", "name", "rel", "rev", "charset", "type", "target", "shape", "coords", "nohref", "src", "alt", "longdesc", "usemap", "ismap",
        "cite", "datetime", "start", "value", "compact", "size", "noshade", "clear", "color", "face", "bgcolor", "nowrap", "hspace", "vspace",
    ];

    private static readonly string[] ActiveSchemes = ["javascript:", "vbscript:", "livescript:", "data:text/html"];

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        ConformanceLevel = ConformanceLevel.Fragment,
        MaxCharactersFromEntities = 1,
    };

    /// <summary>What is wrong, as a sentence; null when nothing is. It names elements and attributes, never text.</summary>
    public static string? FindFault(string xhtml)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(xhtml), Settings);
            return Read(reader);
        }
        catch (XmlException fault)
        {
            return $"it is not well-formed XML (line {fault.LineNumber}, column {fault.LinePosition}).";
        }
    }

    private static string? Read(XmlReader reader)
    {
        var (roots, hasContent) = (0, false);
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (reader.Depth == 0 && (++roots > 1 || reader.LocalName != "div"))
                    {
                        return "it must be exactly one div element.";
                    }

                    if (Element(reader) is { } fault)
                    {
                        return fault;
                    }

                    hasContent |= reader.LocalName == "img";
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    if (reader.Depth == 0)
                    {
                        return "there is text outside of the div element.";
                    }

                    hasContent |= !string.IsNullOrWhiteSpace(reader.Value);
                    break;
                case XmlNodeType.ProcessingInstruction or XmlNodeType.DocumentType or XmlNodeType.EntityReference:
                    return "processing instructions, document types and named entities are not allowed.";
            }
        }

        return roots == 0 ? "it must be exactly one div element." : hasContent ? null : "there is nothing to read in it.";
    }

    private static string? Element(XmlReader reader)
    {
        if (reader.Depth > MaxDepth)
        {
            return "its elements are nested too deeply.";
        }

        if (reader.NamespaceURI != Namespace)
        {
            return $"the element '{reader.LocalName}' is not in the XHTML namespace.";
        }

        if (!Elements.Contains(reader.LocalName))
        {
            return $"the element '{reader.LocalName}' is not allowed.";
        }

        for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute())
        {
            if (reader.Name == "xmlns" || reader.Prefix == "xmlns")
            {
                continue;
            }

            if (!Attributes.Contains(reader.Name))
            {
                return $"the attribute '{reader.Name}' is not allowed.";
            }

            if (reader.Name is "href" or "src" or "longdesc" or "cite" && IsActive(reader.Value))
            {
                return $"the attribute '{reader.Name}' holds a script.";
            }
        }

        reader.MoveToElement();
        return null;
    }

    // Browsers skip blanks and control characters in a scheme.
    private static bool IsActive(string url)
    {
        var plain = string.Concat(url.Where(c => c > ' '));
        return Array.Exists(ActiveSchemes, scheme => plain.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));
    }
}
