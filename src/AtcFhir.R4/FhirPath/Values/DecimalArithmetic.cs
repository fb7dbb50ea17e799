using System.Numerics;
using AtcFhir.R4.Values;

namespace AtcFhir.R4.FhirPath.Values;

/// <summary>
/// Exact arithmetic on decimals, which are written out here: no exponent, a scale of zero or more. Results that would need more than
/// <see cref="MaxDigits"/> digits do not exist (null), which FHIRPath turns into the empty collection. <see href="https://hl7.org/fhirpath/N1/#math"/>
/// </summary>
internal static class DecimalArithmetic
{
    public const int MaxDigits = 400;

    // Digits of a quotient that does not end.
    private const int QuotientDigits = 28;

    public static FhirDecimal? Add(FhirDecimal left, FhirDecimal right)
    {
        var scale = Math.Max(left.Scale, right.Scale);
        return Bounded(left.UnscaledAt(scale) + right.UnscaledAt(scale), scale);
    }

    public static FhirDecimal? Subtract(FhirDecimal left, FhirDecimal right) => Add(left, -right);

    public static FhirDecimal? Multiply(FhirDecimal left, FhirDecimal right) => Bounded(left.Unscaled * right.Unscaled, left.Scale + right.Scale);

    /// <summary>The quotient without trailing zeros; null for a zero divisor.</summary>
    public static FhirDecimal? Divide(FhirDecimal left, FhirDecimal right)
    {
        if (right.IsZero)
        {
            return null;
        }

        var shift = Math.Max(0, QuotientDigits + Digits(right.Unscaled) - Digits(left.Unscaled) + 1);
        var quotient = BigInteger.DivRem(left.Unscaled * BigInteger.Pow(10, shift), right.Unscaled, out var remainder);
        if (BigInteger.Abs(remainder) * 2 >= BigInteger.Abs(right.Unscaled))
        {
            quotient += left.Sign * right.Sign;
        }

        return Bounded(quotient, left.Scale - right.Scale + shift)?.Trim();
    }

    /// <summary>The quotient cut to a whole number; null for a zero divisor.</summary>
    public static FhirDecimal? Div(FhirDecimal left, FhirDecimal right)
    {
        var scale = Math.Max(left.Scale, right.Scale);
        return right.IsZero ? null : Bounded(left.UnscaledAt(scale) / right.UnscaledAt(scale), 0);
    }

    /// <summary>The remainder of <see cref="Div"/>, with the sign of the left side; null for a zero divisor.</summary>
    public static FhirDecimal? Mod(FhirDecimal left, FhirDecimal right)
    {
        var scale = Math.Max(left.Scale, right.Scale);
        return right.IsZero ? null : new FhirDecimal(left.UnscaledAt(scale) % right.UnscaledAt(scale), scale);
    }

    public static FhirDecimal? Power(FhirDecimal value, int exponent)
    {
        if (exponent < 0)
        {
            return Power(value, -exponent) is { } power ? Divide(FhirDecimal.One, power) : null;
        }

        return (double)Digits(value.Unscaled) * exponent > MaxDigits * 2 ? null : Bounded(BigInteger.Pow(value.Unscaled, exponent), checked(value.Scale * exponent));
    }

    public static FhirDecimal Abs(FhirDecimal value) => value.Sign < 0 ? -value : value;

    /// <summary>A computed double, to its 15 certain digits; null for NaN and infinities.</summary>
    public static FhirDecimal? FromDouble(double value)
        => double.IsFinite(value) ? DecimalReading.Parse(value.ToString("E14", CultureInfo.InvariantCulture))?.Trim() : null;

    private static int Digits(BigInteger value) => value.IsZero ? 1 : (int)Math.Ceiling(BigInteger.Log10(BigInteger.Abs(value)) + 1e-9);

    private static FhirDecimal? Bounded(BigInteger unscaled, int scale)
        => Digits(unscaled) > MaxDigits || scale > MaxDigits * 2 ? null : new FhirDecimal(unscaled, scale).WithScaleAtLeast(0);
}
