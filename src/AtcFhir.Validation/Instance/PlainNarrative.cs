using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// Says of most good narratives that they are good, on the escaped UTF-8 bytes of the JSON string. Whatever is rare or wrong it leaves to
/// <see cref="XhtmlReader"/>, which it never contradicts: true here means no fault and content there.
/// </summary>
internal ref partial struct PlainNarrative
{
    private const int MaxDepth = 48;
    private const int MaxAttributes = 8;

    private static readonly CodeSet Attributes = new(XhtmlVocabulary.Attributes);
    private static readonly CodeSet ElementAttributes = new(XhtmlVocabulary.ElementAttributes);
    private static readonly byte[] Namespace = Encoding.ASCII.GetBytes(XhtmlVocabulary.Namespace);

    /// <summary>Letters, digits and :-_. as bits, for bytes below and from 64.</summary>
    private static readonly ulong LowNameBytes = Bits("0123456789:-."u8, 0);
    private static readonly ulong HighNameBytes = Bits("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"u8, 64);

    private readonly ReadOnlySpan<byte> text;
    private readonly Span<ulong> open;
    private int depth;
    private int at;
    private bool hasContent;

    private PlainNarrative(ReadOnlySpan<byte> text, Span<ulong> open)
    {
        this.text = text;
        this.open = open;
    }

    public static bool IsGood(ReadOnlySpan<byte> escaped)
    {
        Span<ulong> open = stackalloc ulong[MaxDepth];
        return new PlainNarrative(escaped, open).Read();
    }

    private bool Read()
    {
        if (!text.StartsWith("<div"u8) || !OpeningTag(isRoot: true))
        {
            return false;
        }

        while (depth > 0 && !hasContent)
        {
            if (!Step())
            {
                return false;
            }
        }

        if (depth > 0 && !PlainTags())
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
        var next = NextMarkup();
        if (next == text.Length)
        {
            return false;
        }

        // Characters beyond ASCII may be white space; they are no proof of content.
        hasContent = hasContent || text[at..next].IndexOfAnyInRange((byte)'!', (byte)'~') >= 0;
        at = next;
        return text[at] switch
        {
            (byte)'<' => Tag(),
            (byte)'&' => Entity(),
            _ => Escape(),
        };
    }

    /// <summary>Where the next of &lt;, &amp; and \ stands; runs of text between them are short, so this is no call of a search.</summary>
    private readonly int NextMarkup()
    {
        ref var start = ref MemoryMarshal.GetReference(text);
        var i = at;
        while (text.Length - i >= Vector128<byte>.Count)
        {
            var bytes = Vector128.LoadUnsafe(ref start, (nuint)i);
            var found = Vector128.Equals(bytes, Vector128.Create((byte)'<'))
                | Vector128.Equals(bytes, Vector128.Create((byte)'&'))
                | Vector128.Equals(bytes, Vector128.Create((byte)'\\'));
            if (found != Vector128<byte>.Zero)
            {
                return i + System.Numerics.BitOperations.TrailingZeroCount(found.ExtractMostSignificantBits());
            }

            i += Vector128<byte>.Count;
        }

        while (i < text.Length && text[i] is not ((byte)'<' or (byte)'&' or (byte)'\\'))
        {
            i++;
        }

        return i;
    }

    private static ulong Bits(ReadOnlySpan<byte> bytes, int from)
    {
        var bits = 0UL;
        foreach (var b in bytes)
        {
            bits |= 1UL << (b - from);
        }

        return bits;
    }

    private static bool IsNameByte(byte b) => b < 64 ? ((LowNameBytes >> b) & 1) != 0 : b < 128 && ((HighNameBytes >> (b - 64)) & 1) != 0;

    /// <summary>Within text: those of quotes, slashes and white space.</summary>
    private bool Escape()
    {
        var escaped = text[at + 1];
        at += 2;
        if (escaped is (byte)'"' or (byte)'/' or (byte)'\\')
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
        var name = ReadUpToBracket();
        name = name == 0 ? Number(ReadName()) : name;
        if (name == 0 || name != open[depth - 1] || at >= text.Length || text[at] != (byte)'>')
        {
            return false;
        }

        at++;
        depth--;
        return true;
    }

    private bool OpeningTag(bool isRoot)
    {
        var start = ++at;
        var name = ReadUpToBracket();
        var (sawNamespace, isClosed) = (false, false);
        if (!IsElement(name))
        {
            at = start;
            name = Number(ReadName());
            if (!IsElement(name))
            {
                return false;
            }
        }

        if (depth == MaxDepth || at >= text.Length)
        {
            return false;
        }

        if (text[at] == (byte)'>')
        {
            at++;
        }
        else if (!ReadAttributes(text[start..at], out sawNamespace, out isClosed))
        {
            return false;
        }

        if (!isClosed)
        {
            open[depth++] = name;
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

    /// <summary>Space, or the first letters of javascript: and vbscript:.</summary>
    private static bool MayBeScript(ReadOnlySpan<byte> value)
        => value.Length > 1 && (value[0] is <= (byte)' ' or > (byte)'~' || (value[0] is (byte)'j' or (byte)'J' or (byte)'v' or (byte)'V' && value[1] is (byte)'a' or (byte)'A' or (byte)'b' or (byte)'B'));

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
        var start = at;
        while (at < text.Length && IsNameByte(text[at]))
        {
            at++;
        }

        return text[start..at];
    }

    private readonly record struct Name(int Start, int Length);
}
