using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace AtcFhir.R4.Documents;

// Literals, numbers and strings.
internal ref partial struct JsonCursor
{
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
        MayHaveMarks = false;
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
    private int NextSpecial(int from)
    {
        ref var start = ref MemoryMarshal.GetReference(json);
        var (i, marks) = (from, Vector128<byte>.Zero);
        while (json.Length - i >= Vector128<byte>.Count)
        {
            var bytes = Vector128.LoadUnsafe(ref start, (nuint)i);
            var found = Vector128.Equals(bytes, Vector128.Create((byte)'"'))
                | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
                | Vector128.Equals(Vector128.Min(bytes, Vector128.Create((byte)0x1F)), bytes);
            // What stands behind the quote counts too: true may be wrong.
            marks |= Vector128.Equals(bytes, Vector128.Create((byte)'<')) | Vector128.Equals(bytes, Vector128.Create((byte)0xE2));
            if (found != Vector128<byte>.Zero)
            {
                MayHaveMarks |= marks != Vector128<byte>.Zero;
                i += System.Numerics.BitOperations.TrailingZeroCount(found.ExtractMostSignificantBits());
                if (json[i] < 0x20)
                {
                    Fail();
                }

                return i;
            }

            i += Vector128<byte>.Count;
        }

        MayHaveMarks = true;
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
}
