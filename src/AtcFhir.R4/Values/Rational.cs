using System.Numerics;

namespace AtcFhir.R4.Values;

/// <summary>An exact fraction in lowest terms with a positive denominator.</summary>
internal readonly struct Rational : IComparable<Rational>
{
    /// <summary>Digits that are kept of a fraction without finite decimal form; as many as IEEE decimal128.</summary>
    private const int SignificantDigits = 34;

    private readonly BigInteger numerator;
    private readonly BigInteger positive;

    private Rational(BigInteger numerator, BigInteger denominator)
    {
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator) * (denominator.Sign < 0 ? -1 : 1);
        (this.numerator, positive) = (numerator / common, denominator / common);
    }

    /// <summary>The default value is zero.</summary>
    private BigInteger Denominator => positive.IsZero ? BigInteger.One : positive;

    public static Rational One { get; } = new(1, 1);

    public bool IsZero => numerator.IsZero;

    public static Rational Of(BigInteger value) => new(value, 1);

    public static Rational Of(FhirDecimal value)
        => value.Scale >= 0 ? new(value.Unscaled, BigInteger.Pow(10, value.Scale)) : new(value.Unscaled * BigInteger.Pow(10, -value.Scale), 1);

    public static Rational operator +(Rational left, Rational right)
        => new(left.numerator * right.Denominator + right.numerator * left.Denominator, left.Denominator * right.Denominator);

    public static Rational operator *(Rational left, Rational right) => new(left.numerator * right.numerator, left.Denominator * right.Denominator);

    public static Rational operator /(Rational left, Rational right) => new(left.numerator * right.Denominator, left.Denominator * right.numerator);

    public static Rational operator -(Rational value) => new(-value.numerator, value.Denominator);

    public Rational Power(int exponent) => exponent >= 0
        ? new(BigInteger.Pow(numerator, exponent), BigInteger.Pow(Denominator, exponent))
        : new(BigInteger.Pow(Denominator, -exponent), BigInteger.Pow(numerator, -exponent));

    public int CompareTo(Rational other) => (numerator * other.Denominator).CompareTo(other.numerator * Denominator);

    /// <summary>Exact where the decimal form is finite, else rounded half to even.</summary>
    public FhirDecimal ToDecimal()
    {
        var (rest, twos, fives) = (Denominator, 0, 0);
        for (; rest.IsEven; rest /= 2)
        {
            twos++;
        }

        for (; (rest % 5).IsZero; rest /= 5)
        {
            fives++;
        }

        var scale = rest.IsOne ? Math.Max(twos, fives) : Digits(Denominator) - Digits(BigInteger.Abs(numerator)) + SignificantDigits;
        var (dividend, divisor) = scale >= 0 ? (numerator * BigInteger.Pow(10, scale), Denominator) : (numerator, Denominator * BigInteger.Pow(10, -scale));
        var (quotient, remainder) = BigInteger.DivRem(dividend, divisor);
        var half = (BigInteger.Abs(remainder) * 2).CompareTo(divisor);
        if (half > 0 || (half == 0 && !quotient.IsEven))
        {
            quotient += dividend.Sign;
        }

        return new FhirDecimal(quotient, scale).Normalize();
    }

    private static int Digits(BigInteger value) => value.ToString(CultureInfo.InvariantCulture).Length;
}
