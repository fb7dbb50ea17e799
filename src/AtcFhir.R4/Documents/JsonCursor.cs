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
internal ref partial struct JsonCursor
{
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

    /// <summary>False when the string has neither &lt; nor the byte E2, with which the marks begin that turn the direction of text.</summary>
    public bool MayHaveMarks { get; private set; }

    /// <summary>False at the end. Throws a bare <see cref="JsonException"/> where the text is no JSON, or nested too deep.</summary>
    public bool Read()
    {
        if (TokenType is JsonTokenType.PropertyName or JsonTokenType.None)
        {
            return ReadValue();
        }

        if (depth == 0)
        {
            SkipSpace();
            return at == json.Length ? false : Fail();
        }

        if ((objects & 1) != 0)
        {
            ReadName();
            return true;
        }

        var next = SkipSpace();
        if (next == (byte)']')
        {
            return End(JsonTokenType.EndArray);
        }

        if (TokenType == JsonTokenType.StartArray)
        {
            return ReadValue(next);
        }

        if (next != (byte)',')
        {
            return Fail();
        }

        at++;
        return ReadValue();
    }

    /// <summary>Behind the start of an object, or a value in it: on to the next name. False at the end of the object.</summary>
    public bool ReadName() => ReadName(default, out _);

    /// <param name="expected">The name that probably comes, with its quotes; found without looking for its end.</param>
    /// <param name="isExpected">True when it is that one.</param>
    public bool ReadName(ReadOnlySpan<byte> expected, out bool isExpected)
    {
        isExpected = false;
        var next = SkipSpace();
        if (TokenType != JsonTokenType.StartObject)
        {
            if (next != (byte)',')
            {
                return next == (byte)'}' ? !End(JsonTokenType.EndObject) : Fail();
            }

            at++;
            next = SkipSpace();
        }
        else if (next == (byte)'}')
        {
            return !End(JsonTokenType.EndObject);
        }

        if (expected.IsEmpty || !json[at..].StartsWith(expected))
        {
            return ReadName(next);
        }

        isExpected = true;
        (TokenStartIndex, valueStart, valueEnd) = (at, at + 1, at + expected.Length - 1);
        (ValueIsEscaped, HasUnusualEscape) = (false, false);
        at += expected.Length;
        return ReadColon();
    }

    /// <summary>Behind a name: on to its value.</summary>
    public bool ReadValue() => ReadValue(SkipSpace());

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
        if (at < json.Length && json[at] is > (byte)' ' and var next)
        {
            return next;
        }

        SkipLongSpace();
        return at < json.Length && json[at] is > (byte)' ' and var behind ? behind : (byte)0;
    }

    /// <summary>A line break and its indentation are mostly one vector; how long they are is told without a branch.</summary>
    private void SkipLongSpace()
    {
        ref var start = ref MemoryMarshal.GetReference(json);
        while (json.Length - at >= Vector256<byte>.Count)
        {
            var bytes = Vector256.LoadUnsafe(ref start, (nuint)at);
            var space = Vector256.Equals(bytes, Vector256.Create((byte)' ')) | Vector256.Equals(bytes, Vector256.Create((byte)'\n'))
                | Vector256.Equals(bytes, Vector256.Create((byte)'\r')) | Vector256.Equals(bytes, Vector256.Create((byte)'\t'));
            var other = ~space.ExtractMostSignificantBits();
            if (other != 0)
            {
                at += System.Numerics.BitOperations.TrailingZeroCount(other);
                return;
            }

            at += Vector256<byte>.Count;
        }

        while (at < json.Length && json[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }
    }

    private bool ReadName(byte next)
    {
        if (next != (byte)'"')
        {
            return Fail();
        }

        ReadString();
        return ReadColon();
    }

    private bool ReadColon()
    {
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

    [DoesNotReturn]
    private static bool Fail() => throw new JsonException();
}
