using System.Buffers;
using System.Collections.Frozen;

namespace AtcFhir.Validation.Instance;

/// <summary>Reads one XHTML div, in place: tags that match, elements and attributes that FHIR permits, plain entities.</summary>
internal ref struct XhtmlReader
{
    private const string Namespace = XhtmlVocabulary.Namespace;
    private const int MaxDepth = 200;
    private const int MaxAttributes = 32;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Elements = Set(XhtmlVocabulary.Elements);
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Attributes = Set(XhtmlVocabulary.Attributes);
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ElementAttributes = Set(XhtmlVocabulary.ElementAttributes);

    private static readonly SearchValues<char> Markup = SearchValues.Create("<&");
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_.");

    private readonly ReadOnlySpan<char> text;

    /// <summary>Where the names of the open elements stand.</summary>
    private readonly Span<(int Start, int Length)> open;
    private int depth;
    private int at;

    /// <param name="open">Working space for <see cref="Depth"/> elements.</param>
    public XhtmlReader(ReadOnlySpan<char> text, Span<(int Start, int Length)> open)
    {
        this.text = text;
        this.open = open;
    }

    /// <summary>How much working space is needed.</summary>
    public static int Depth => MaxDepth + 1;

    /// <summary>Text other than white space, or an image.</summary>
    public bool HasContent { get; private set; }

    private readonly ReadOnlySpan<char> Rest => text[at..];

    /// <summary>Null when all is well, otherwise what is wrong first. Nothing of the text itself is quoted.</summary>
    public string? Read()
    {
        SkipSpace();
        if (!Rest.StartsWith("<div"))
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
        while (depth > 0 && at < text.Length);

        if (depth > 0)
        {
            return $"The element <{Open}> is not closed.";
        }

        SkipSpace();
        return at < text.Length ? "There is something behind the </div> that closes the narrative." : null;
    }

    private readonly ReadOnlySpan<char> Open => text.Slice(open[depth - 1].Start, open[depth - 1].Length);

    private void SkipSpace()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }

    private string? Step()
    {
        if (text[at] == '<')
        {
            return Tag();
        }

        if (text[at] == '&')
        {
            return Entity();
        }

        var next = Rest.IndexOfAny(Markup);
        var run = next < 0 ? Rest : Rest[..next];
        HasContent |= !run.IsWhiteSpace() || run.Contains('\u00a0');
        at += run.Length;
        return null;
    }

    private string? Tag()
    {
        if (Rest.StartsWith("<!--"))
        {
            return Skip("-->", "A comment is not closed.");
        }

        if (Rest.StartsWith("<![CDATA["))
        {
            HasContent = true;
            return Skip("]]>", "A CDATA section is not closed.");
        }

        if (Rest.StartsWith("<!") || Rest.StartsWith("<?"))
        {
            return "Declarations and processing instructions are not allowed.";
        }

        return Rest.StartsWith("</") ? ClosingTag() : OpeningTag();
    }

    private string? Skip(string end, string fault)
    {
        var found = Rest.IndexOf(end);
        at = found < 0 ? text.Length : at + found + end.Length;
        return found < 0 ? fault : null;
    }

    private string? ClosingTag()
    {
        at += 2;
        var name = Name();
        SkipSpace();
        if (at >= text.Length || text[at] != '>')
        {
            return "A closing tag is broken.";
        }

        at++;
        if (depth == 0 || !Open.SequenceEqual(name))
        {
            return depth == 0 ? "A closing tag closes nothing." : $"The element <{Open}> is closed by </{Short(name)}>.";
        }

        depth--;
        return null;
    }

    private string? OpeningTag()
    {
        var isRoot = depth == 0;
        var start = ++at;
        var name = Name();
        if (name.IsEmpty)
        {
            return "A < stands for itself; write &lt;.";
        }

        if (!Elements.Contains(name))
        {
            return $"The element <{Short(name)}> is not permitted in narrative.";
        }

        HasContent |= name is "img";
        if (AttributesOf(name, out var sawNamespace, out var isClosed) is { } fault)
        {
            return fault;
        }

        if (!isClosed)
        {
            if (depth >= MaxDepth)
            {
                return $"Elements are nested deeper than {MaxDepth} levels.";
            }

            open[depth++] = (start, name.Length);
        }

        return isRoot && !sawNamespace ? $"The outermost <div> has no xmlns=\"{Namespace}\"." : null;
    }

    private string? AttributesOf(ReadOnlySpan<char> element, out bool sawNamespace, out bool isClosed)
    {
        (sawNamespace, isClosed) = (false, false);
        Span<(int Start, int Length)> seen = stackalloc (int, int)[MaxAttributes];
        var count = 0;
        while (true)
        {
            SkipSpace();
            if (at >= text.Length)
            {
                return $"The tag <{element}> is not complete.";
            }

            if (text[at] == '>')
            {
                at++;
                return null;
            }

            if (Rest.StartsWith("/>"))
            {
                at += 2;
                isClosed = true;
                return null;
            }

            var start = at;
            var name = Name();
            for (var i = 0; i < count; i++)
            {
                if (text.Slice(seen[i].Start, seen[i].Length).SequenceEqual(name))
                {
                    return $"The attribute '{Short(name)}' stands twice on <{element}>.";
                }
            }

            if (count == MaxAttributes)
            {
                return $"The element <{element}> has more than {MaxAttributes} attributes.";
            }

            seen[count++] = (start, name.Length);
            if (Attribute(element, name, ref sawNamespace) is { } fault)
            {
                return fault;
            }
        }
    }

    private string? Attribute(ReadOnlySpan<char> element, ReadOnlySpan<char> name, ref bool sawNamespace)
    {
        SkipSpace();
        if (name.IsEmpty || at >= text.Length || text[at] != '=')
        {
            return $"An attribute of <{element}> is broken.";
        }

        at++;
        SkipSpace();
        if (at >= text.Length || text[at] is not ('"' or '\''))
        {
            return $"The value of an attribute of <{element}> has no quotes.";
        }

        var length = text[(at + 1)..].IndexOf(text[at]);
        if (length < 0)
        {
            return $"The value of an attribute of <{element}> is not closed.";
        }

        var value = text.Slice(at + 1, length);
        at += length + 2;
        if (value.Contains('<'))
        {
            return $"The value of an attribute of <{element}> holds a <; write &lt;.";
        }

        if (name is "xmlns")
        {
            sawNamespace = value.SequenceEqual(Namespace);
            return sawNamespace ? null : "The namespace of the narrative is not that of XHTML.";
        }

        if (!name.StartsWith("xmlns:") && !Attributes.Contains(name) && !IsOfElement(element, name))
        {
            return $"The attribute '{Short(name)}' is not permitted on <{element}>.";
        }

        var scheme = value.TrimStart();
        return name is "href" or "src" && (scheme.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase) || scheme.StartsWith("vbscript:", StringComparison.OrdinalIgnoreCase))
            ? $"The attribute '{name}' of <{element}> holds a script."
            : null;
    }

    private static bool IsOfElement(ReadOnlySpan<char> element, ReadOnlySpan<char> name)
    {
        Span<char> both = stackalloc char[64];
        return both.TryWrite($"{element}.{name}", out var written) && ElementAttributes.Contains(both[..written]);
    }

    /// <summary>The five of XML and numeric ones; narrative has no DTD that could define others.</summary>
    private string? Entity()
    {
        var end = Rest.IndexOf(';');
        var name = end is < 0 or > 12 ? default : Rest[1..end];
        if (name is not ("lt" or "gt" or "amp" or "quot" or "apos") && !IsNumeric(name))
        {
            return name.IsEmpty || name.ContainsAnyExcept(NameCharacters)
                ? "An & stands for itself; write &amp;."
                : $"The entity &{name}; is not defined in XML; write the character itself.";
        }

        HasContent = true;
        at += end + 1;
        return null;
    }

    private static bool IsNumeric(ReadOnlySpan<char> name)
    {
        if (name.Length < 2 || name[0] != '#')
        {
            return false;
        }

        var isHex = name[1] == 'x';
        foreach (var c in name[(isHex ? 2 : 1)..])
        {
            if (isHex ? !char.IsAsciiHexDigit(c) : !char.IsAsciiDigit(c))
            {
                return false;
            }
        }

        return name.Length > (isHex ? 2 : 1);
    }

    private ReadOnlySpan<char> Name()
    {
        var length = Rest.IndexOfAnyExcept(NameCharacters);
        var name = length < 0 ? Rest : Rest[..length];
        at += name.Length;
        return name;
    }

    private static ReadOnlySpan<char> Short(ReadOnlySpan<char> name) => name.Length <= 40 ? name : name[..40];

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Set(string[] words) => words.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
}
