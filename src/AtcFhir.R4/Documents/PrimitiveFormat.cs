using System.Buffers.Text;
using AtcFhir.R4.Definitions;

namespace AtcFhir.R4.Documents;

/// <summary>
/// The lexical rules of the primitive types, on the unescaped UTF-8 text, written out by hand because they run on every value.
/// <see href="https://hl7.org/fhir/R4/datatypes.html#primitive"/>. The regular expressions there are the oracle of the tests.
/// </summary>
internal static class PrimitiveFormat
{
    /// <summary>R4: "Strings SHALL NOT exceed 1MB (1024*1024 characters) in size".</summary>
    public const int MaxStringBytes = 4 * 1024 * 1024;

    /// <summary>Null when the text is right, otherwise what is wrong as the end of a sentence that starts with the value's name.</summary>
    public static string? Fault(PrimitiveKind kind, ReadOnlySpan<byte> text) => kind switch
    {
        PrimitiveKind.Boolean => text.SequenceEqual("true"u8) || text.SequenceEqual("false"u8) ? null : "is not true or false",
        PrimitiveKind.Integer => IsInteger(text, int.MinValue) ? null : "is not an integer from -2147483648 to 2147483647",
        PrimitiveKind.UnsignedInt => IsInteger(text, 0) ? null : "is not an integer from 0 to 2147483647",
        PrimitiveKind.PositiveInt => IsInteger(text, 1) ? null : "is not an integer from 1 to 2147483647",
        PrimitiveKind.Decimal => IsDecimal(text) ? null : "is not a decimal number",
        PrimitiveKind.String or PrimitiveKind.Markdown => StringFault(text),
        PrimitiveKind.Code => IsCode(text) ? null : "is not a code: no leading, trailing or double spaces, no line breaks, not empty",
        PrimitiveKind.Id => IsId(text) ? null : "is not an id: 1 to 64 letters A-Z a-z, digits, '-' and '.'",
        PrimitiveKind.Uri or PrimitiveKind.Url or PrimitiveKind.Canonical => UriFault(text),
        PrimitiveKind.Oid => IsOid(text) ? null : "is not an OID of the form urn:oid:1.2.3",
        PrimitiveKind.Uuid => IsUuid(text) ? null : "is not a UUID of the form urn:uuid:c757873d-ec9a-4326-a141-556f43239520 in lower case",
        PrimitiveKind.Base64Binary => IsBase64(text) ? null : "is not base64",
        PrimitiveKind.Date => CalendarFormat.IsDate(text) ? null : "is not a date: YYYY, YYYY-MM or YYYY-MM-DD with a real day",
        PrimitiveKind.DateTime => CalendarFormat.IsDateTime(text)
            ? null
            : "is not a dateTime: YYYY, YYYY-MM, YYYY-MM-DD, or a full date and time with seconds and time zone, such as 2018-10-16T09:30:00+02:00",
        PrimitiveKind.Instant => CalendarFormat.IsInstant(text) ? null : "is not an instant: a full date and time with seconds and time zone, such as 2018-10-16T09:30:00.000Z",
        PrimitiveKind.Time => CalendarFormat.IsTime(text) ? null : "is not a time of day: hh:mm:ss, perhaps with a fraction, without a time zone",
        PrimitiveKind.Xhtml => text.IsEmpty ? "is empty" : null,
        _ => null,
    };

    private static bool IsInteger(ReadOnlySpan<byte> text, int minimum)
    {
        var digits = text.Length > 0 && text[0] == (byte)'-' ? text[1..] : text;
        return digits.Length > 0
            && char.IsAsciiDigit((char)digits[0])
            && (digits.Length == 1 || digits[0] != (byte)'0')
            && Utf8Parser.TryParse(text, out int value, out var consumed)
            && consumed == text.Length
            && value >= minimum
            && !text.SequenceEqual("-0"u8);
    }

    private static bool IsDecimal(ReadOnlySpan<byte> text)
    {
        var i = 0;
        Take(text, ref i, (byte)'-');
        if (Take(text, ref i, (byte)'0') ? false : Digits(text, ref i) == 0)
        {
            return false;
        }

        if (Take(text, ref i, (byte)'.') && Digits(text, ref i) == 0)
        {
            return false;
        }

        if (Take(text, ref i, (byte)'e') || Take(text, ref i, (byte)'E'))
        {
            _ = Take(text, ref i, (byte)'+') || Take(text, ref i, (byte)'-');
            if (Digits(text, ref i) == 0)
            {
                return false;
            }
        }

        return i == text.Length && i > 0;
    }

    private static bool Take(ReadOnlySpan<byte> text, ref int i, byte expected)
    {
        if (i < text.Length && text[i] == expected)
        {
            i++;
            return true;
        }

        return false;
    }

    private static int Digits(ReadOnlySpan<byte> text, ref int i)
    {
        var start = i;
        while (i < text.Length && char.IsAsciiDigit((char)text[i]))
        {
            i++;
        }

        return i - start;
    }

    private static string? StringFault(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return "is empty; leave the element out instead";
        }

        if (text.Length > MaxStringBytes)
        {
            return "is longer than 1 MB";
        }

        // Raw control characters are no JSON; only escaped ones get here.
        return text.IndexOfAnyInRange((byte)0, (byte)31) < 0 ? null : ControlFault(text);
    }

    private static string? ControlFault(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
        {
            if (b < 32 && b is not ((byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                return "contains a control character; only tab, carriage return and line feed are allowed";
            }
        }

        return null;
    }

    private static bool IsCode(ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAnyInRange((byte)0, (byte)32) < 0)
        {
            return !text.IsEmpty;
        }

        var spaceBefore = true;
        foreach (var b in text)
        {
            var isSpace = b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
            if (b < 32 || (isSpace && spaceBefore))
            {
                return false;
            }

            spaceBefore = isSpace;
        }

        return !spaceBefore;
    }

    private static bool IsId(ReadOnlySpan<byte> text)
        => text.Length is >= 1 and <= 64 && text.IndexOfAnyExcept(IdBytes) < 0;

    private static readonly System.Buffers.SearchValues<byte> IdBytes =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."u8);

    private static string? UriFault(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return "is empty; leave the element out instead";
        }

        return text.IndexOfAnyInRange((byte)0, (byte)32) < 0 ? null : "contains a space or a control character";
    }

    private static bool IsOid(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("urn:oid:"u8) || text.Length < 11 || text[8] is < (byte)'0' or > (byte)'2')
        {
            return false;
        }

        var i = 9;
        while (i < text.Length)
        {
            if (text[i++] != (byte)'.')
            {
                return false;
            }

            var start = i;
            if (Digits(text, ref i) is var length && (length == 0 || (length > 1 && text[start] == (byte)'0')))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsUuid(ReadOnlySpan<byte> text)
    {
        if (text.Length != 45 || !text.StartsWith("urn:uuid:"u8))
        {
            return false;
        }

        for (var i = 9; i < text.Length; i++)
        {
            var isDash = i is 17 or 22 or 27 or 32;
            if (isDash ? text[i] != (byte)'-' : !char.IsAsciiHexDigitLower((char)text[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Groups of four of the alphabet, white space between, '=' only at the end (RFC 4648).</summary>
    private static bool IsBase64(ReadOnlySpan<byte> text) => !text.IsEmpty && Base64.IsValid(text) && text.IndexOfAnyExcept(" \r\n\t"u8) >= 0;
}
