using System.Text;
using AtcFhir.R4.Values;

namespace AtcFhir.R4.FhirPath.Values;

/// <summary>
/// Decimals as FHIRPath reads them: a plus sign and leading zeros are allowed, and an exponent is written out, so 1E2 is 100.
/// What would be longer than <see cref="DecimalArithmetic.MaxDigits"/> is none. <see href="https://hl7.org/fhirpath/N1/#convertstodecimal-boolean"/>
/// </summary>
internal static class DecimalReading
{
    public static FhirDecimal? Parse(ReadOnlySpan<char> text)
    {
        if (text.Length > FhirDecimal.LongestText)
        {
            return null;
        }

        Span<byte> utf8 = stackalloc byte[text.Length];
        return Ascii.FromUtf16(text, utf8, out _) == System.Buffers.OperationStatus.Done ? Parse(utf8) : null;
    }

    public static FhirDecimal? Parse(ReadOnlySpan<byte> utf8)
    {
        var digits = utf8 is [(byte)'-' or (byte)'+', ..] ? utf8[1..] : utf8;
        var e = digits.IndexOfAny((byte)'e', (byte)'E');
        var length = e < 0 ? digits.Length : e;
        var point = digits[..length].IndexOf((byte)'.');
        while (digits is [(byte)'0', >= (byte)'0' and <= (byte)'9', ..])
        {
            digits = digits[1..];
        }

        // A second sign is none.
        if (length > DecimalArithmetic.MaxDigits || digits is [(byte)'-', ..] || !FhirDecimal.TryParse(digits, out var value))
        {
            return null;
        }

        var exponent = (point < 0 ? 0 : length - point - 1) - value.Scale;
        return Math.Abs(exponent) > DecimalArithmetic.MaxDigits ? null : (utf8[0] == '-' ? -value : value).WithScaleAtLeast(0);
    }
}
