using System.Buffers;
using System.Text;

namespace AtcFhir.R4.FhirPath;

/// <summary>
/// One pass over the XHTML of a narrative: well-formed XML without declarations, and the rules of <see cref="NarrativeXhtml"/>.
/// Nothing is built and nothing resolved, so there is nothing to exhaust.
/// </summary>
internal ref struct XhtmlScanner(ReadOnlySpan<byte> text)
{
    private const int MaxDepth = 200;
    private const int MaxAttributes = 64;

    // Control characters that XML does not know.
    private static readonly SearchValues<byte> Forbidden = SearchValues.Create([0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31]);

    private static readonly SearchValues<byte> Blank = SearchValues.Create(" \t\r\n"u8);

    private readonly ReadOnlySpan<byte> text = text;
    private int at = 0;
    private bool hasContent = false;
    private ReadOnlySpan<byte> prefix = default;

    private readonly byte Current => at < text.Length ? text[at] : (byte)0;

    public string? FindFault()
    {
        Span<Range> open = stackalloc Range[MaxDepth];
        Span<Range> attributes = stackalloc Range[MaxAttributes];
        var (depth, roots) = (0, 0);
        while (at < text.Length)
        {
            if (text[at] != '<')
            {
                if (Text(depth) is { } textFault)
                {
                    return textFault;
                }

                continue;
            }

            var rest = text[at..];
            if (rest.StartsWith("<!--"u8))
            {
                if (!SkipComment())
                {
                    return Broken();
                }
            }
            else if (rest.StartsWith("<![CDATA["u8))
            {
                var end = rest.IndexOf("]]>"u8);
                if (end < 0 || depth == 0)
                {
                    return Broken();
                }

                hasContent |= HasInk(rest[9..end]);
                at += end + 3;
            }
            else if (rest.Length > 1 && rest[1] is (byte)'!' or (byte)'?')
            {
                return "processing instructions and document types are not allowed.";
            }
            else if (rest.Length > 1 && rest[1] == '/')
            {
                at += 2;
                var name = Name();
                SkipBlank();
                if (depth == 0 || Current != '>' || !text[open[--depth]].SequenceEqual(text[name]))
                {
                    return Broken();
                }

                at++;
            }
            else
            {
                if (depth == 0 && ++roots > 1)
                {
                    return "it must be exactly one div element.";
                }

                if (Element(depth, attributes, out var name, out var isClosed) is { } fault)
                {
                    return fault;
                }

                if (!isClosed)
                {
                    if (depth == MaxDepth)
                    {
                        return "its elements are nested too deeply.";
                    }

                    open[depth++] = name;
                }
            }
        }

        return depth > 0 ? Broken() : roots == 0 ? "it must be exactly one div element." : hasContent ? null : "there is nothing to read in it.";
    }

    private readonly string Broken()
    {
        var before = text[..Math.Min(at, text.Length)];
        return $"it is not well-formed XML (line {before.Count((byte)'\n') + 1}, column {before.Length - before.LastIndexOf((byte)'\n')}).";
    }

    private string? Text(int depth)
    {
        var length = text[at..].IndexOf((byte)'<');
        var run = length < 0 ? text[at..] : text.Slice(at, length);
        if (run.IndexOf((byte)'&') >= 0 && !References(run))
        {
            return "only the entities amp, lt, gt, quot, apos and character numbers are allowed; write the character itself.";
        }

        if (run.ContainsAny(Forbidden) || run.IndexOf("]]>"u8) >= 0)
        {
            return Broken();
        }

        if (HasInk(run))
        {
            if (depth == 0)
            {
                return "there is text outside of the div element.";
            }

            hasContent = true;
        }

        at += run.Length;
        return null;
    }

    private string? Element(int depth, scoped Span<Range> seen, out Range name, out bool isClosed)
    {
        at++;
        name = Name();
        isClosed = false;
        var local = Local(text[name], out var elementPrefix);
        if (local.IsEmpty)
        {
            return Broken();
        }

        var count = 0;
        var hasNamespace = depth > 0;
        while (true)
        {
            var blank = SkipBlank();
            if (Current == '>' || text[at..].StartsWith("/>"u8))
            {
                break;
            }

            var attribute = Name();
            SkipBlank();
            if (!blank || text[attribute].IsEmpty || Current != '=' || count == MaxAttributes)
            {
                return Broken();
            }

            at++;
            SkipBlank();
            if (Value() is not { } range)
            {
                return Broken();
            }

            for (var i = 0; i < count; i++)
            {
                if (text[seen[i]].SequenceEqual(text[attribute]))
                {
                    return Broken();
                }
            }

            seen[count++] = attribute;
            if (Attribute(text[attribute], text[range], ref hasNamespace) is { } fault)
            {
                return fault;
            }
        }

        isClosed = Current == '/';
        at += isClosed ? 2 : 1;
        if (!hasNamespace || !elementPrefix.SequenceEqual(prefix))
        {
            return $"the element '{Encoding.UTF8.GetString(local)}' is not in the XHTML namespace.";
        }

        if (depth == 0 && !local.SequenceEqual("div"u8))
        {
            return "it must be exactly one div element.";
        }

        hasContent |= local.SequenceEqual("img"u8);
        return NarrativeXhtml.AllowsElement(local) ? null : $"the element '{Encoding.UTF8.GetString(local)}' is not allowed.";
    }

    private string? Attribute(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ref bool hasNamespace)
    {
        if (name.SequenceEqual("xmlns"u8) || name.StartsWith("xmlns:"u8))
        {
            if (value.SequenceEqual("http://www.w3.org/1999/xhtml"u8))
            {
                hasNamespace = true;
                prefix = name.Length > 6 ? name[6..] : default;
            }
            else if (name.Length == 5)
            {
                hasNamespace = false;
            }

            return null;
        }

        if (!NarrativeXhtml.AllowsAttribute(name))
        {
            return $"the attribute '{Encoding.UTF8.GetString(name)}' is not allowed.";
        }

        return NarrativeXhtml.IsLink(name) && NarrativeXhtml.IsActive(value) ? $"the attribute '{Encoding.UTF8.GetString(name)}' holds a script." : null;
    }

    /// <summary>A quoted attribute value; null when it is not one.</summary>
    private Range? Value()
    {
        var quote = Current;
        if (quote is not ((byte)'"' or (byte)'\''))
        {
            return null;
        }

        var start = ++at;
        var length = text[start..].IndexOf(quote);
        if (length < 0)
        {
            return null;
        }

        var value = text.Slice(start, length);
        if (value.IndexOf((byte)'<') >= 0 || value.ContainsAny(Forbidden) || (value.IndexOf((byte)'&') >= 0 && !References(value)))
        {
            return null;
        }

        at = start + length + 1;
        return start..(start + length);
    }

    private Range Name()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit((char)text[at]) || text[at] is (byte)'-' or (byte)'_' or (byte)':' or (byte)'.' or > 127))
        {
            at++;
        }

        return at > start && (char.IsAsciiDigit((char)text[start]) || text[start] is (byte)'-' or (byte)'.' or (byte)':') ? start..start : start..at;
    }

    private static ReadOnlySpan<byte> Local(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> prefix)
    {
        var colon = name.IndexOf((byte)':');
        prefix = colon < 0 ? default : name[..colon];
        return name[(colon + 1)..];
    }

    private bool SkipBlank()
    {
        var start = at;
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            at++;
        }

        return at > start;
    }

    // "--" must not stand within a comment.
    private bool SkipComment()
    {
        var end = text[(at + 4)..].IndexOf("--"u8);
        if (end < 0 || at + 4 + end + 2 >= text.Length || text[at + 4 + end + 2] != '>')
        {
            return false;
        }

        at += 4 + end + 3;
        return true;
    }

    private static bool HasInk(ReadOnlySpan<byte> run) => run.ContainsAnyExcept(Blank);

    private static bool References(ReadOnlySpan<byte> run)
    {
        for (var next = run.IndexOf((byte)'&'); next >= 0; next = run.IndexOf((byte)'&'))
        {
            run = run[(next + 1)..];
            var end = run.IndexOf((byte)';');
            if (end is < 1 or > 10)
            {
                return false;
            }

            var name = run[..end];
            var isKnown = name.SequenceEqual("amp"u8) || name.SequenceEqual("lt"u8) || name.SequenceEqual("gt"u8) || name.SequenceEqual("quot"u8) || name.SequenceEqual("apos"u8);
            if (!isKnown && !IsCharacter(name))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsCharacter(ReadOnlySpan<byte> name)
    {
        if (name.Length < 2 || name[0] != '#')
        {
            return false;
        }

        var isHex = name[1] == 'x';
        return int.TryParse(name[(isHex ? 2 : 1)..], isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            && (code is '\t' or '\n' or '\r' || (code >= 0x20 && Rune.IsValid(code) && code is not (0xFFFE or 0xFFFF)));
    }
}
