using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace AtcFhir.R4.Documents;

/// <summary>
/// Reads the tokens of one JSON text that is valid UTF-8, as <see cref="Utf8JsonReader"/> does and with the names it uses, for less: strings are
/// looked through sixteen bytes at a time, and there is nothing for text that comes in pieces. It accepts the same texts, with the same tokens.
/// It does not say where a text ceases to be JSON: whoever wants to know asks Utf8JsonReader.
/// </summary>
internal ref struct JsonCursor
{
    private const ulong EightSpaces = 0x2020202020202020;
    private const int DepthOfOneWord = 64;

    private readonly ReadOnlySpan<byte> json;
    private readonly int maxDepth;

    /// <summary>What does not fit into one word of <see cref="objects"/>; null where no text may be nested that deep.</summary>
    private readonly ulong[]? outer;

    /// <summary>One bit for each container around, the lowest for the innermost: set for an object.</summary>
    private ulong objects;
    private int depth;
    private int at;
    private int valueStart;
    private int valueEnd;

    public JsonCursor(ReadOnlySpan<byte> json, int maxDepth)
    {
        this.json = json;
        this.maxDepth = maxDepth == 0 ? DepthOfOneWord : maxDepth;
        outer = this.maxDepth > DepthOfOneWord ? new ulong[this.maxDepth / DepthOfOneWord + 1] : null;
    }

    /// <summary>None before the first token.</summary>
    public JsonTokenType TokenType { get; private set; }

    /// <summary>Where the token starts; of a string or name its opening quote.</summary>
    public int TokenStartIndex { get; private set; }

    /// <summary>Just behind the token.</summary>
    public readonly int BytesConsumed => at;

    /// <summary>The text of a string or name without its quotes, still escaped; of another value as written.</summary>
    public readonly ReadOnlySpan<byte> ValueSpan => json[valueStart..valueEnd];

    /// <summary>True when the string or name has an escape.</summary>
    public bool ValueIsEscaped { get; private set; }

    /// <summary>True when one of the escapes is none of those for quotes, slashes and white space.</summary>
    public bool HasUnusualEscape { get; private set; }

    /// <summary>False at the end. Throws a bare <see cref="JsonException"/> where the text is no JSON, or nested too deep.</summary>
    public bool Read()
    {
        var next = SkipSpace();
        switch (TokenType)
        {
            case JsonTokenType.PropertyName or JsonTokenType.None:
                return ReadValue(next);
            case JsonTokenType.StartObject:
                return next == (byte)'}' ? End(JsonTokenType.EndObject) : ReadName(next);
            case JsonTokenType.StartArray:
                return next == (byte)']' ? End(JsonTokenType.EndArray) : ReadValue(next);
        }

        if (depth == 0)
        {
            return at == json.Length ? false : Fail();
        }

        var isObject = (objects & 1) != 0;
        if (next == (byte)',')
        {
            at++;
            next = SkipSpace();
            return isObject ? ReadName(next) : ReadValue(next);
        }

        return isObject
            ? next == (byte)'}' ? End(JsonTokenType.EndObject) : Fail()
            : next == (byte)']' ? End(JsonTokenType.EndArray) : Fail();
    }

    /// <summary>At the start of an object or array: on to its end.</summary>
    public void Skip()
    {
        if (TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            var around = depth - 1;
            while (depth > around)
            {
                Read();
            }
        }
    }

    /// <summary>The unescaped string or name. Throws <see cref="InvalidOperationException"/> for half a surrogate pair.</summary>
    public readonly int CopyString(Span<byte> utf8) => Token().CopyString(utf8);

    /// <summary>Compares the unescaped string or name.</summary>
    public readonly bool ValueTextEquals(ReadOnlySpan<byte> utf8) => ValueIsEscaped ? Token().ValueTextEquals(utf8) : ValueSpan.SequenceEqual(utf8);

    private readonly Utf8JsonReader Token()
    {
        var reader = new Utf8JsonReader(json[TokenStartIndex..(valueEnd + 1)]);
        reader.Read();
        return reader;
    }

    /// <summary>The byte behind the white space; 0, which starts nothing, at the end.</summary>
    private byte SkipSpace()
    {
        while (at < json.Length)
        {
            var next = json[at];
            if (next > (byte)' ')
            {
                return next;
            }

            if (next is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                return 0;
            }

            at++;
            while (json.Length - at >= sizeof(ulong) && MemoryMarshal.Read<ulong>(json[at..]) == EightSpaces)
            {
                at += sizeof(ulong);
            }
        }

        return 0;
    }

    private bool ReadName(byte next)
    {
        if (next != (byte)'"')
        {
            return Fail();
        }

        ReadString();
        TokenType = JsonTokenType.PropertyName;
        if (at < json.Length && json[at] == (byte)':')
        {
            at++;
            return true;
        }

        if (SkipSpace() != (byte)':')
        {
            return Fail();
        }

        at++;
        return true;
    }

    private bool ReadValue(byte next)
    {
        switch (next)
        {
            case (byte)'"':
                ReadString();
                TokenType = JsonTokenType.String;
                return true;
            case (byte)'{':
                Start(JsonTokenType.StartObject, 1);
                return true;
            case (byte)'[':
                Start(JsonTokenType.StartArray, 0);
                return true;
            case (byte)'t':
                return Literal("true"u8, JsonTokenType.True);
            case (byte)'f':
                return Literal("false"u8, JsonTokenType.False);
            case (byte)'n':
                return Literal("null"u8, JsonTokenType.Null);
            default:
                return next is (byte)'-' or (>= (byte)'0' and <= (byte)'9') ? ReadNumber() : Fail();
        }
    }

    private void Start(JsonTokenType type, ulong bit)
    {
        if (depth == maxDepth)
        {
            Fail();
        }

        if (depth % DepthOfOneWord == 0 && depth > 0)
        {
            outer![depth / DepthOfOneWord - 1] = objects;
        }

        objects = (objects << 1) | bit;
        depth++;
        TokenType = type;
        TokenStartIndex = at++;
    }

    private bool End(JsonTokenType type)
    {
        depth--;
        objects = depth % DepthOfOneWord == 0 && depth > 0 ? outer![depth / DepthOfOneWord - 1] : objects >> 1;
        TokenType = type;
        TokenStartIndex = at++;
        return true;
    }

    private bool Literal(ReadOnlySpan<byte> word, JsonTokenType type)
    {
        if (!json[at..].StartsWith(word))
        {
            return Fail();
        }

        TokenType = type;
        TokenStartIndex = valueStart = at;
        valueEnd = at += word.Length;
        return true;
    }

    private bool ReadNumber()
    {
        TokenStartIndex = valueStart = at;
        if (json[at] == (byte)'-')
        {
            at++;
        }

        if (at < json.Length && json[at] == (byte)'0')
        {
            at++;
        }
        else
        {
            Digits();
        }

        if (at < json.Length && json[at] == (byte)'.')
        {
            at++;
            Digits();
        }

        if (at < json.Length && json[at] is (byte)'e' or (byte)'E')
        {
            at++;
            if (at < json.Length && json[at] is (byte)'+' or (byte)'-')
            {
                at++;
            }

            Digits();
        }

        if (at < json.Length && json[at] is not ((byte)',' or (byte)'}' or (byte)']' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)'/'))
        {
            Fail();
        }

        TokenType = JsonTokenType.Number;
        valueEnd = at;
        return true;
    }

    /// <summary>One or more.</summary>
    private void Digits()
    {
        var first = at;
        while (at < json.Length && json[at] is >= (byte)'0' and <= (byte)'9')
        {
            at++;
        }

        if (at == first)
        {
            Fail();
        }
    }

    private void ReadString()
    {
        TokenStartIndex = at;
        ValueIsEscaped = false;
        HasUnusualEscape = false;
        var end = NextSpecial(at + 1);
        while (json[end] != (byte)'"')
        {
            ValueIsEscaped = true;
            end = NextSpecial(Escape(end));
        }

        valueStart = TokenStartIndex + 1;
        valueEnd = end;
        at = end + 1;
    }

    /// <summary>Where the next quote or backslash is; control characters may not come before it.</summary>
    private readonly int NextSpecial(int from)
    {
        ref var start = ref MemoryMarshal.GetReference(json);
        var i = from;
        while (json.Length - i >= Vector128<byte>.Count)
        {
            var bytes = Vector128.LoadUnsafe(ref start, (nuint)i);
            var found = Vector128.Equals(bytes, Vector128.Create((byte)'"'))
                | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
                | Vector128.Equals(Vector128.Min(bytes, Vector128.Create((byte)0x1F)), bytes);
            if (found != Vector128<byte>.Zero)
            {
                i += System.Numerics.BitOperations.TrailingZeroCount(found.ExtractMostSignificantBits());
                if (json[i] < 0x20)
                {
                    Fail();
                }

                return i;
            }

            i += Vector128<byte>.Count;
        }

        for (; i < json.Length; i++)
        {
            switch (json[i])
            {
                case (byte)'"' or (byte)'\\':
                    return i;
                case < 0x20:
                    Fail();
                    break;
            }
        }

        Fail();
        return i;
    }

    /// <summary>Just behind the escape.</summary>
    private int Escape(int backslash)
    {
        var i = backslash + 1;
        if (i < json.Length)
        {
            switch (json[i])
            {
                case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'n' or (byte)'r' or (byte)'t':
                    return i + 1;
                case (byte)'b' or (byte)'f':
                    HasUnusualEscape = true;
                    return i + 1;
                case (byte)'u' when json.Length - i > 4 && IsHex(json[i + 1]) && IsHex(json[i + 2]) && IsHex(json[i + 3]) && IsHex(json[i + 4]):
                    HasUnusualEscape = true;
                    return i + 5;
            }
        }

        Fail();
        return i;
    }

    private static bool IsHex(byte b) => char.IsAsciiHexDigit((char)b);

    [DoesNotReturn]
    private static bool Fail() => throw new JsonException();
}
