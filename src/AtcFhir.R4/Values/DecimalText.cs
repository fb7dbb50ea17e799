using System.Buffers.Text;
using System.Numerics;
using System.Text;

namespace AtcFhir.R4.Values;

/// <summary>Reads and writes the text of decimals. <see href="https://hl7.org/fhir/R4/datatypes.html#decimal"/></summary>
internal static class DecimalText
{
    private const int LargestExponent = 1_000_000;

    // As many digits as a long surely holds.
    private const int ShortDigits = 18;

    /// <summary>Reads the JSON form of a number: "-0.10", "1E2".</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out FhirDecimal value)
    {
        value = default;
        if (utf8.Length > FhirDecimal.LongestText)
        {
            return false;
        }

        var at = utf8 is [(byte)'-', ..] ? 1 : 0;
        var negative = at == 1;
        Span<byte> digits = stackalloc byte[utf8.Length];
        var (count, scale) = (0, 0);
        if (!Digits(utf8, ref at, digits, ref count) || (count > 1 && digits[0] == '0'))
        {
            return false;
        }

        if (at < utf8.Length && utf8[at] == '.')
        {
            var whole = count;
            at++;
            if (!Digits(utf8, ref at, digits, ref count))
            {
                return false;
            }

            scale = count - whole;
        }

        var hasExponent = at < utf8.Length && (utf8[at] | 0x20) == 'e';
        if (hasExponent)
        {
            if (!Exponent(utf8[(at + 1)..], out var exponent))
            {
                return false;
            }

            scale -= exponent;
        }
        else if (at != utf8.Length)
        {
            return false;
        }

        var unscaled = count <= ShortDigits && Utf8Parser.TryParse(digits[..count], out long small, out _)
            ? small
            : BigInteger.Parse(Encoding.ASCII.GetString(digits[..count]), NumberStyles.None, CultureInfo.InvariantCulture);

        // Digits and scale do not say how an exponent was written, nor that zero was negative.
        var written = hasExponent || (negative && unscaled.IsZero) ? Encoding.ASCII.GetString(utf8) : null;
        value = new FhirDecimal(negative ? -unscaled : unscaled, scale, written);
        return true;
    }

    /// <summary>Digits as scaled; an exponent only where the scale is negative or very large: "1.00", "-0.5", "1E2".</summary>
    public static string Of(BigInteger unscaled, int scale)
    {
        if (scale is <= 0 or > FhirDecimal.LongestText)
        {
            return scale == 0 || (scale < 0 && unscaled.IsZero)
                ? unscaled.ToString(CultureInfo.InvariantCulture)
                : $"{unscaled.ToString(CultureInfo.InvariantCulture)}E{-scale}";
        }

        var digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return string.Concat(unscaled.Sign < 0 ? "-" : "", digits.AsSpan(0, digits.Length - scale), ".", digits.AsSpan(digits.Length - scale));
    }

    private static bool Digits(ReadOnlySpan<byte> utf8, ref int at, Span<byte> digits, ref int count)
    {
        var start = at;
        for (; at < utf8.Length && char.IsAsciiDigit((char)utf8[at]); at++)
        {
            digits[count++] = utf8[at];
        }

        return at > start;
    }

    private static bool Exponent(ReadOnlySpan<byte> text, out int exponent)
    {
        var negative = text is [(byte)'-', ..];
        var digits = text is [(byte)'-' or (byte)'+', ..] ? text[1..] : text;
        exponent = 0;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || !Utf8Parser.TryParse(digits, out int magnitude, out _) || magnitude > LargestExponent)
        {
            return false;
        }

        exponent = negative ? -magnitude : magnitude;
        return true;
    }
}
