using System.Buffers;
using System.Text;
using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// Says of most good narratives that they are good, on the escaped UTF-8 bytes of the JSON string. Whatever is rare or wrong it leaves to
/// <see cref="XhtmlReader"/>, which it never contradicts: true here means no fault and content there.
/// </summary>
internal ref struct PlainNarrative
{
    private const int MaxDepth = 48;
    private const int MaxAttributes = 8;

    private static readonly CodeSet Elements = new(XhtmlVocabulary.Elements);
    private static readonly CodeSet Attributes = new(XhtmlVocabulary.Attributes);
    private static readonly CodeSet ElementAttributes = new(XhtmlVocabulary.ElementAttributes);
    private static readonly byte[] Namespace = Encoding.ASCII.GetBytes(XhtmlVocabulary.Namespace);

    private static readonly SearchValues<byte> Markup = SearchValues.Create("<&\\"u8);
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_."u8);

    private readonly ReadOnlySpan<byte> text;
    private readonly Span<Name> open;
    private int depth;
    private int at;
    private bool hasContent;

    private PlainNarrative(ReadOnlySpan<byte> text, Span<Name> open)
    {
        this.text = text;
        this.open = open;
    }

    public static bool IsGood(ReadOnlySpan<byte> escaped)
    {
        Span<Name> open = stackalloc Name[MaxDepth];
        return new PlainNarrative(escaped, open).Read();
    }

    private bool Read()
    {
        if (!text.StartsWith("<div"u8) || !OpeningTag(isRoot: true))
        {
            return false;
        }

        while (depth > 0)
        {
            if (!Step())
            {
                return false;
            }
        }

        SkipSpace();
        return at == text.Length && hasContent;
    }

    private bool Step()
    {
        var length = text[at..].IndexOfAny(Markup);
        if (length < 0)
        {
            return false;
        }

        // Characters beyond ASCII may be white space; they are no proof of content.
        hasContent = hasContent || text.Slice(at, length).IndexOfAnyInRange((byte)'!', (byte)'~') >= 0;
        at += length;
        return text[at] switch
        {
            (byte)'<' => Tag(),
            (byte)'&' => Entity(),
            _ => Escape(),
        };
    }

    /// <summary>Within text: those of quotes, slashes and white space.</summary>
    private bool Escape()
    {
        var escaped = text[at + 1];
        at += 2;
        if (escaped is (byte)'"' or (byte)'/')
        {
            hasContent = true;
            return true;
        }

        return escaped is (byte)'n' or (byte)'t' or (byte)'r';
    }

    private bool Entity()
    {
        var end = text[at..].IndexOf((byte)';');
        if (end is < 0 or > 12)
        {
            return false;
        }

        var name = text[(at + 1)..(at + end)];
        at += end + 1;
        hasContent = true;
        return name.SequenceEqual("lt"u8) || name.SequenceEqual("gt"u8) || name.SequenceEqual("amp"u8) || name.SequenceEqual("quot"u8)
            || (name.Length > 1 && name[0] == (byte)'#' && name[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0);
    }

    private bool Tag()
    {
        if (at + 1 < text.Length && text[at + 1] == (byte)'/')
        {
            return ClosingTag();
        }

        return OpeningTag(isRoot: false);
    }

    private bool ClosingTag()
    {
        at += 2;
        var name = text.Slice(at, open[depth - 1].Length is var length && length < text.Length - at ? length : 0);
        if (!name.SequenceEqual(text.Slice(open[depth - 1].Start, length)) || text[at + length] != (byte)'>')
        {
            return false;
        }

        at += length + 1;
        depth--;
        return true;
    }

    private bool OpeningTag(bool isRoot)
    {
        var start = ++at;
        var name = ReadName();
        if (depth == MaxDepth || !Elements.Contains(name) || !ReadAttributes(name, out var sawNamespace, out var isClosed))
        {
            return false;
        }

        if (!isClosed)
        {
            open[depth++] = new Name(start, name.Length);
        }

        return sawNamespace || !isRoot;
    }

    private bool ReadAttributes(ReadOnlySpan<byte> element, out bool sawNamespace, out bool isClosed)
    {
        (sawNamespace, isClosed) = (false, false);
        Span<Name> seen = stackalloc Name[MaxAttributes];
        for (var count = 0; count < MaxAttributes; count++)
        {
            SkipSpace();
            if (at >= text.Length)
            {
                return false;
            }

            if (text[at] == (byte)'>')
            {
                at++;
                return true;
            }

            if (text[at] == (byte)'/')
            {
                isClosed = true;
                at += 2;
                return at <= text.Length && text[at - 1] == (byte)'>';
            }

            seen[count] = new Name(at, 0);
            var name = ReadName();
            seen[count] = seen[count] with { Length = name.Length };
            foreach (var other in seen[..count])
            {
                if (text.Slice(other.Start, other.Length).SequenceEqual(name))
                {
                    return false;
                }
            }

            if (!ReadAttribute(element, name, ref sawNamespace))
            {
                return false;
            }
        }

        return false;
    }

    private bool ReadAttribute(ReadOnlySpan<byte> element, ReadOnlySpan<byte> name, ref bool sawNamespace)
    {
        if (name.IsEmpty || !text[at..].StartsWith("=\\\""u8))
        {
            return false;
        }

        at += 3;
        var length = text[at..].IndexOf((byte)'\\');
        if (length < 0 || text[at + length + 1] != (byte)'"')
        {
            return false;
        }

        var value = text.Slice(at, length);
        at += length + 2;
        if (name.SequenceEqual("xmlns"u8))
        {
            sawNamespace = value.SequenceEqual(Namespace);
            return sawNamespace;
        }

        return !value.Contains((byte)'<')
            && (Attributes.Contains(name) || IsOfElement(element, name))
            && !((name.SequenceEqual("href"u8) || name.SequenceEqual("src"u8)) && MayBeScript(value));
    }

    /// <summary>Space, or the first letter of javascript: and vbscript:.</summary>
    private static bool MayBeScript(ReadOnlySpan<byte> value)
        => value.Length > 0 && value[0] is <= (byte)' ' or > (byte)'~' or (byte)'j' or (byte)'J' or (byte)'v' or (byte)'V';

    private static bool IsOfElement(ReadOnlySpan<byte> element, ReadOnlySpan<byte> name)
    {
        Span<byte> both = stackalloc byte[32];
        var length = element.Length + 1 + name.Length;
        if (length > both.Length)
        {
            return false;
        }

        element.CopyTo(both);
        both[element.Length] = (byte)'.';
        name.CopyTo(both[(element.Length + 1)..]);
        return ElementAttributes.Contains(both[..length]);
    }

    private void SkipSpace()
    {
        while (at < text.Length)
        {
            if (text[at] == (byte)' ')
            {
                at++;
            }
            else if (text[at] == (byte)'\\' && text[at + 1] is (byte)'n' or (byte)'t' or (byte)'r')
            {
                at += 2;
            }
            else
            {
                return;
            }
        }
    }

    private ReadOnlySpan<byte> ReadName()
    {
        var length = text[at..].IndexOfAnyExcept(NameBytes);
        var name = length < 0 ? text[at..] : text.Slice(at, length);
        at += name.Length;
        return name;
    }

    private readonly record struct Name(int Start, int Length);
}
