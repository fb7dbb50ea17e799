using System.Collections.Frozen;

namespace AtcFhir.Validation.Instance;

/// <summary>Reads one XHTML div: tags that match, elements and attributes that FHIR permits, plain entities.</summary>
internal sealed class XhtmlReader(string text)
{
    private const string Namespace = "http://www.w3.org/1999/xhtml";
    private const int MaxDepth = 200;

    private static readonly FrozenSet<string> Elements = Set(
        """
        p br div h1 h2 h3 h4 h5 h6 a span b em i strong small big tt dfn q var abbr acronym cite blockquote hr address bdo kbd sub sup ul ol li
        dl dt dd pre table caption colgroup col thead tr tfoot tbody th td code samp img map area ins del
        """);

    private static readonly FrozenSet<string> Attributes = Set(
        """
        title style class id ID lang xml:lang xml:space dir accesskey tabindex span width align valign char charoff abbr axis headers scope rowspan
        colspan
        """);

    private static readonly FrozenSet<string> ElementAttributes = Set(
        """
        a.charset a.type a.name a.href a.hreflang a.rel a.rev a.shape a.coords a.target img.src img.alt img.longdesc img.height img.width img.usemap
        img.ismap img.border img.name map.name area.shape area.coords area.href area.nohref area.alt table.summary table.width table.border
        table.frame table.rules table.cellspacing table.cellpadding table.bgcolor table.height pre.space td.nowrap th.nowrap td.bgcolor td.height
        th.bgcolor tr.bgcolor tr.height blockquote.cite q.cite ul.type ol.type ol.start li.value li.type br.clear hr.size hr.width hr.noshade
        ins.cite del.cite ins.datetime del.datetime
        """);

    private readonly Stack<string> open = new();
    private int at;

    /// <summary>Text other than white space, or an image.</summary>
    public bool HasContent { get; private set; }

    /// <summary>Null when all is well, otherwise what is wrong first. Nothing of the text itself is quoted.</summary>
    public string? Read()
    {
        SkipSpace();
        if (!Rest.StartsWith("<div", StringComparison.Ordinal))
        {
            return "The narrative does not start with <div>.";
        }

        do
        {
            if (Step() is { } fault)
            {
                return fault;
            }
        }
        while (open.Count > 0 && at < text.Length);

        if (open.Count > 0)
        {
            return $"The element <{open.Peek()}> is not closed.";
        }

        SkipSpace();
        return at < text.Length ? "There is something behind the </div> that closes the narrative." : null;
    }

    private ReadOnlySpan<char> Rest => text.AsSpan(at);

    private void SkipSpace()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }

    private string? Step()
    {
        switch (text[at])
        {
            case '<':
                return Tag();
            case '&':
                return Entity();
            default:
                HasContent |= !char.IsWhiteSpace(text[at]) || text[at] == '\u00a0';
                at++;
                return null;
        }
    }

    private string? Tag()
    {
        if (Rest.StartsWith("<!--", StringComparison.Ordinal))
        {
            var end = text.IndexOf("-->", at + 4, StringComparison.Ordinal);
            at = end < 0 ? text.Length : end + 3;
            return end < 0 ? "A comment is not closed." : null;
        }

        if (Rest.StartsWith("<![CDATA[", StringComparison.Ordinal))
        {
            var end = text.IndexOf("]]>", at, StringComparison.Ordinal);
            HasContent = true;
            at = end < 0 ? text.Length : end + 3;
            return end < 0 ? "A CDATA section is not closed." : null;
        }

        if (Rest.StartsWith("<!", StringComparison.Ordinal) || Rest.StartsWith("<?", StringComparison.Ordinal))
        {
            return "Declarations and processing instructions are not allowed.";
        }

        return Rest.StartsWith("</", StringComparison.Ordinal) ? Close() : Open();
    }

    private string? Close()
    {
        at += 2;
        var name = Name();
        SkipSpace();
        if (at >= text.Length || text[at] != '>')
        {
            return "A closing tag is broken.";
        }

        at++;
        return open.Count > 0 && open.Peek() == name
            ? Pop()
            : open.Count > 0 ? $"The element <{open.Peek()}> is closed by </{Short(name)}>." : "A closing tag closes nothing.";

        string? Pop()
        {
            open.Pop();
            return null;
        }
    }

    private string? Open()
    {
        at++;
        var name = Name();
        if (name.Length == 0)
        {
            return "A < stands for itself; write &lt;.";
        }

        if (!Elements.Contains(name))
        {
            return $"The element <{Short(name)}> is not permitted in narrative.";
        }

        if (name == "img")
        {
            HasContent = true;
        }

        var sawNamespace = false;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            SkipSpace();
            if (at >= text.Length)
            {
                return $"The tag <{name}> is not complete.";
            }

            if (text[at] == '>')
            {
                at++;
                open.Push(name);
                break;
            }

            if (Rest.StartsWith("/>", StringComparison.Ordinal))
            {
                at += 2;
                break;
            }

            if (Attribute(name, seen, ref sawNamespace) is { } fault)
            {
                return fault;
            }
        }

        if (open.Count > MaxDepth)
        {
            return $"Elements are nested deeper than {MaxDepth} levels.";
        }

        return open.Count == 1 && name == "div" && at > 0 && !sawNamespace && IsRoot ? $"The outermost <div> has no xmlns=\"{Namespace}\"." : null;
    }

    private bool IsRoot => text.IndexOf('<', StringComparison.Ordinal) is var first && text.IndexOf('>', first) == at - 1;

    private string? Attribute(string element, HashSet<string> seen, ref bool sawNamespace)
    {
        var name = Name();
        SkipSpace();
        if (name.Length == 0 || at >= text.Length || text[at] != '=')
        {
            return $"An attribute of <{element}> is broken.";
        }

        at++;
        SkipSpace();
        if (at >= text.Length || text[at] is not ('"' or '\''))
        {
            return $"The value of an attribute of <{element}> has no quotes.";
        }

        var end = text.IndexOf(text[at], at + 1);
        if (end < 0)
        {
            return $"The value of an attribute of <{element}> is not closed.";
        }

        var value = text[(at + 1)..end];
        at = end + 1;
        if (!seen.Add(name))
        {
            return $"The attribute '{Short(name)}' stands twice on <{element}>.";
        }

        if (value.Contains('<', StringComparison.Ordinal))
        {
            return $"The value of an attribute of <{element}> holds a <; write &lt;.";
        }

        if (name == "xmlns")
        {
            sawNamespace = value == Namespace;
            return sawNamespace ? null : "The namespace of the narrative is not that of XHTML.";
        }

        if (name.StartsWith("xmlns:", StringComparison.Ordinal))
        {
            return null;
        }

        if (!Attributes.Contains(name) && !ElementAttributes.Contains(element + "." + name))
        {
            return $"The attribute '{Short(name)}' is not permitted on <{element}>.";
        }

        var scheme = value.TrimStart();
        return name is "href" or "src" && (scheme.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase) || scheme.StartsWith("vbscript:", StringComparison.OrdinalIgnoreCase))
            ? $"The attribute '{name}' of <{element}> holds a script."
            : null;
    }

    /// <summary>The five of XML and numeric ones; narrative has no DTD that could define others.</summary>
    private string? Entity()
    {
        var end = text.IndexOf(';', at);
        var name = end < 0 || end - at > 12 ? "" : text[(at + 1)..end];
        if (name is not ("lt" or "gt" or "amp" or "quot" or "apos") && !IsNumeric(name))
        {
            return name.Length == 0 || !name.All(char.IsAsciiLetterOrDigit)
                ? "An & stands for itself; write &amp;."
                : $"The entity &{name}; is not defined in XML; write the character itself.";
        }

        HasContent = true;
        at = end + 1;
        return null;
    }

    private static bool IsNumeric(string name)
        => name.Length > 1 && name[0] == '#' && (name[1] == 'x' ? name.Length > 2 && name[2..].All(char.IsAsciiHexDigit) : name[1..].All(char.IsAsciiDigit));

    private string Name()
    {
        var start = at;
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is ':' or '-' or '_' or '.'))
        {
            at++;
        }

        return text[start..at];
    }

    private static string Short(string name) => name.Length <= 40 ? name : name[..40];

    private static FrozenSet<string> Set(string words)
        => words.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
