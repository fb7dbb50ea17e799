using System.Numerics;

namespace AtcFhir.Store.Values;

/// <summary>
/// A decimal number of any size, exact: <c>Digits × 10^-Scale</c>. <see cref="Key"/> orders as the numbers do, byte by byte, so an index compares
/// without rounding on every engine.
/// </summary>
internal readonly record struct DecimalNumber(BigInteger Digits, int Scale)
{
    private const int LongestText = 1000;
    private const int LargestExponent = 2000;
    private const byte Zero = 0x80;
    private const byte Positive = 0xC0;
    private const byte Negative = 0x40;

    /// <summary>Reads a number as JSON or a query writes it; <paramref name="halfStep"/> is half a unit of the last digit written.</summary>
    /// <remarks>With an exponent R4 counts at least one decimal: 1e2 stands for [95, 105). <see href="https://hl7.org/fhir/R4/search.html#number"/></remarks>
    public static bool TryParse(ReadOnlySpan<char> text, out DecimalNumber number, out DecimalNumber halfStep)
    {
        (number, halfStep) = (default, default);
        var exponentAt = text.IndexOfAny('e', 'E');
        var exponent = 0;
        if (text.Length > LongestText
            || (exponentAt >= 0 && !int.TryParse(text[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            || Math.Abs((long)exponent) > LargestExponent)
        {
            return false;
        }

        var mantissa = exponentAt >= 0 ? text[..exponentAt] : text;
        var point = mantissa.IndexOf('.');
        var decimals = point < 0 ? 0 : mantissa.Length - point - 1;
        Span<char> plain = stackalloc char[LongestText];
        var whole = point < 0 ? mantissa : mantissa[..point];
        whole.CopyTo(plain);
        var length = whole.Length;
        if (decimals > 0)
        {
            mantissa[(point + 1)..].CopyTo(plain[length..]);
            length += decimals;
        }

        if (whole.IsEmpty || (point >= 0 && decimals == 0) || !char.IsAsciiDigit(plain[length - 1])
            || !BigInteger.TryParse(plain[..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var digits))
        {
            return false;
        }

        number = new DecimalNumber(digits, decimals - exponent);
        halfStep = new DecimalNumber(5, (exponentAt >= 0 ? Math.Max(1, decimals) : decimals) - exponent + 1);
        return true;
    }

    public static DecimalNumber operator +(DecimalNumber left, DecimalNumber right)
    {
        var scale = Math.Max(left.Scale, right.Scale);
        return new DecimalNumber(left.At(scale) + right.At(scale), scale);
    }

    public static DecimalNumber operator -(DecimalNumber left, DecimalNumber right) => left + new DecimalNumber(-right.Digits, right.Scale);

    public static DecimalNumber operator *(DecimalNumber left, DecimalNumber right) => new(left.Digits * right.Digits, left.Scale + right.Scale);

    /// <summary>A tenth of the distance from zero: what "approximately" allows.</summary>
    public DecimalNumber Tenth() => new(BigInteger.Abs(Digits), Scale + 1);

    /// <summary>
    /// Sign, exponent, digits in pairs; the complement of it for negative numbers, closed by a byte that is larger than any pair.
    /// </summary>
    public byte[] Key()
    {
        if (Digits.IsZero)
        {
            return [Zero];
        }

        var digits = BigInteger.Abs(Digits).ToString(CultureInfo.InvariantCulture);
        var exponent = digits.Length - Scale;
        var significant = digits.AsSpan().TrimEnd('0');
        var isNegative = Digits.Sign < 0;
        var pairs = (significant.Length + 1) / 2;
        var key = new byte[3 + pairs + (isNegative ? 1 : 0)];
        var biased = exponent + 0x8000;
        key[0] = Positive;
        key[1] = (byte)(biased >> 8);
        key[2] = (byte)biased;
        for (var pair = 0; pair < pairs; pair++)
        {
            var high = significant[2 * pair] - '0';
            var low = (2 * pair) + 1 < significant.Length ? significant[(2 * pair) + 1] - '0' : 0;
            key[3 + pair] = (byte)((high * 10) + low + 1);
        }

        if (isNegative)
        {
            for (var at = 1; at < key.Length - 1; at++)
            {
                key[at] = (byte)~key[at];
            }

            key[0] = Negative;
            key[^1] = 0xFF;
        }

        return key;
    }

    private BigInteger At(int scale) => Digits * BigInteger.Pow(10, scale - Scale);
}
