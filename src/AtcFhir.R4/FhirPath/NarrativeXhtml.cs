using System.Buffers;
using System.Text;
using System.Text.Json;
using AtcFhir.R4.Documents;

namespace AtcFhir.R4.FhirPath;

/// <summary>
/// The XHTML that a narrative may hold: one div in the XHTML namespace with basic formatting, links and images; no head, scripts, forms, frames, objects,
/// events, external styles or entity declarations; and something to read in it. <see href="https://hl7.org/fhir/R4/narrative.html#xhtml"/>
/// </summary>
public static class NarrativeXhtml
{
    private static readonly FrozenUtf8Set Elements = new(
        "div", "p", "br", "h1", "h2", "h3", "h4", "h5", "h6", "a", "span", "b", "em", "i", "strong", "small", "big", "tt", "u", "s", "strike", "dfn", "q", "var",
        "abbr", "acronym", "cite", "blockquote", "hr", "ul", "ol", "li", "dl", "dt", "dd", "pre", "table", "caption", "colgroup", "col", "thead", "tr", "tfoot",
        "tbody", "th", "td", "code", "samp", "img", "map", "area", "kbd", "sub", "sup", "address", "bdo", "ins", "del", "center", "font");

    private static readonly FrozenUtf8Set Attributes = new(
        "title", "style", "class", "id", "idref", "lang", "xml:lang", "xml:space", "dir", "accesskey", "tabindex", "span", "width", "height", "align", "valign",
        "char", "charoff", "abbr", "axis", "headers", "scope", "rowspan", "colspan", "cellspacing", "cellpadding", "frame", "rules", "border", "summary",
        "href", "hreflang", "name", "rel", "rev", "charset", "type", "target", "shape", "coords", "nohref", "src", "alt", "longdesc", "usemap", "ismap",
        "cite", "datetime", "start", "value", "compact", "size", "noshade", "clear", "color", "face", "bgcolor", "nowrap", "hspace", "vspace");

    [ThreadStatic]
    private static Node lastNode;

    [ThreadStatic]
    private static string? lastFault;

    private static readonly string[] ActiveSchemes = ["javascript:", "vbscript:", "livescript:", "data:text/html"];

    /// <summary>What is wrong, as a sentence; null when nothing is. It names elements and attributes, never text.</summary>
    public static string? FindFault(string xhtml) => FindFault(Encoding.UTF8.GetBytes(xhtml));

    /// <summary>The same for UTF-8; allocates nothing where nothing is wrong.</summary>
    public static string? FindFault(ReadOnlySpan<byte> utf8) => new XhtmlScanner(utf8).FindFault();

    /// <summary>The same for the value of a node. R4 asks twice (txt-1 and txt-2), so the last answer of a thread is kept.</summary>
    internal static string? FindFault(Node div)
    {
        if (lastNode != div)
        {
            (lastNode, lastFault) = (div, Scan(div));
        }

        return lastFault;
    }

    private static string? Scan(Node div)
    {
        if (div.ValueKind != JsonTokenType.String)
        {
            return "it is no text.";
        }

        if (!div.IsEscaped)
        {
            return FindFault(div.RawValue);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(div.RawValue.Length);
        try
        {
            var reader = new Utf8JsonReader(div.JsonSpan);
            reader.Read();
            return FindFault(buffer.AsSpan(0, reader.CopyString(buffer)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    internal static bool AllowsElement(ReadOnlySpan<byte> name) => Elements.Contains(name);

    internal static bool AllowsAttribute(ReadOnlySpan<byte> name) => Attributes.Contains(name);

    /// <summary>Attributes that a browser may follow.</summary>
    internal static bool IsLink(ReadOnlySpan<byte> name) => name.SequenceEqual("href"u8) || name.SequenceEqual("src"u8) || name.SequenceEqual("longdesc"u8) || name.SequenceEqual("cite"u8);

    /// <summary>A link that runs a script. Browsers skip blanks and control characters in a scheme, and resolve character references before.</summary>
    internal static bool IsActive(ReadOnlySpan<byte> link)
    {
        var colon = link.IndexOfAny((byte)':', (byte)'&');
        if (colon < 0 || link.StartsWith("http:"u8) || link.StartsWith("https:"u8))
        {
            return false;
        }

        var plain = string.Concat(System.Net.WebUtility.HtmlDecode(Encoding.UTF8.GetString(link)).Where(c => c > ' '));
        return Array.Exists(ActiveSchemes, scheme => plain.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A few short names, found without making strings.</summary>
    private sealed class FrozenUtf8Set
    {
        private readonly byte[][]?[] byLength = new byte[12][][];

        public FrozenUtf8Set(params string[] names)
        {
            foreach (var group in names.GroupBy(name => name.Length))
            {
                byLength[group.Key] = [.. group.Select(Encoding.UTF8.GetBytes)];
            }
        }

        public bool Contains(ReadOnlySpan<byte> name)
        {
            if (name.Length >= byLength.Length || byLength[name.Length] is not { } candidates)
            {
                return false;
            }

            foreach (var candidate in candidates)
            {
                if (name.SequenceEqual(candidate))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
