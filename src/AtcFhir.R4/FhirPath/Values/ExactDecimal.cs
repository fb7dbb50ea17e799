using System.Buffers;
using System.Numerics;

namespace AtcFhir.R4.FhirPath.Values;

/// <summary>
/// A decimal with all its digits and its scale: 1.10 stays 1.10, and 35 digits stay 35 digits. Results that would need more than
/// <see cref="MaxDigits"/> digits do not exist (null), which FHIRPath turns into the empty collection.
/// </summary>
internal sealed class ExactDecimal : IComparable<ExactDecimal>, IEquatable<ExactDecimal>
{
    private const int MaxDigits = 400;

    private static readonly SearchValues<char> Characters = SearchValues.Create("0123456789.");

    // Digits of a quotient that does not end.
    private const int QuotientDigits = 28;

    private ExactDecimal(BigInteger unscaled, int scale) => (Unscaled, Scale) = (unscaled, scale);

    public static ExactDecimal Zero { get; } = new(BigInteger.Zero, 0);

    public static ExactDecimal One { get; } = new(BigInteger.One, 0);

    public BigInteger Unscaled { get; }

    /// <summary>Digits behind the point, as written or computed.</summary>
    public int Scale { get; }

    public int Sign => Unscaled.Sign;

    public bool IsInteger => Trimmed().Scale <= 0;

    public static ExactDecimal From(BigInteger value) => new(value, 0);

    /// <summary>A computed double, to its 15 certain digits; null for NaN and infinities.</summary>
    public static ExactDecimal? FromDouble(double value)
    {
        if (!double.IsFinite(value))
        {
            return null;
        }

        return Parse(value.ToString("E14", CultureInfo.InvariantCulture))?.Trimmed();
    }

    /// <summary>Sign, digits, point and exponent; null when it is no number or too long.</summary>
    public static ExactDecimal? Parse(ReadOnlySpan<char> text)
    {
        var exponent = 0;
        var e = text.IndexOfAny('e', 'E');
        if (e >= 0)
        {
            if (!int.TryParse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs(exponent) > MaxDigits)
            {
                return null;
            }

            text = text[..e];
        }

        var digits = text.Length > 0 && text[0] is '-' or '+' ? text[1..] : text;
        var point = digits.IndexOf('.');
        if (digits.Length is 0 or > MaxDigits || point == 0 || point == digits.Length - 1 || digits.ContainsAnyExcept(Characters) || digits.Count('.') > 1)
        {
            return null;
        }

        Span<char> plain = stackalloc char[digits.Length];
        var length = 0;
        foreach (var c in digits)
        {
            if (c != '.')
            {
                plain[length++] = c;
            }
        }

        var unscaled = BigInteger.Parse(plain[..length], NumberStyles.None, CultureInfo.InvariantCulture);
        var scale = (point < 0 ? 0 : digits.Length - point - 1) - exponent;
        return new ExactDecimal(text[0] == '-' ? -unscaled : unscaled, scale).WithScaleAtLeast(0);
    }

    public int CompareTo(ExactDecimal? other)
    {
        if (other is null)
        {
            return 1;
        }

        var scale = Math.Max(Scale, other.Scale);
        return WithScaleAtLeast(scale).Unscaled.CompareTo(other.WithScaleAtLeast(scale).Unscaled);
    }

    public bool Equals(ExactDecimal? other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => obj is ExactDecimal other && Equals(other);

    public override int GetHashCode() => Trimmed().Unscaled.GetHashCode();

    public static ExactDecimal operator -(ExactDecimal value) => new(-value.Unscaled, value.Scale);

    public static ExactDecimal? operator +(ExactDecimal left, ExactDecimal right)
    {
        var scale = Math.Max(left.Scale, right.Scale);
        return Bounded(left.WithScaleAtLeast(scale).Unscaled + right.WithScaleAtLeast(scale).Unscaled, scale);
    }

    public static ExactDecimal? operator -(ExactDecimal left, ExactDecimal right) => left + -right;

    public static ExactDecimal? operator *(ExactDecimal left, ExactDecimal right) => Bounded(left.Unscaled * right.Unscaled, left.Scale + right.Scale);

    /// <summary>The quotient without trailing zeros; null for a zero divisor.</summary>
    public static ExactDecimal? operator /(ExactDecimal left, ExactDecimal right)
    {
        if (right.Sign == 0)
        {
            return null;
        }

        var shift = Math.Max(0, QuotientDigits + Digits(right.Unscaled) - Digits(left.Unscaled) + 1);
        var quotient = BigInteger.DivRem(left.Unscaled * Power10(shift), right.Unscaled, out var remainder);
        if (BigInteger.Abs(remainder) * 2 >= BigInteger.Abs(right.Unscaled))
        {
            quotient += left.Sign * right.Sign;
        }

        return Bounded(quotient, left.Scale - right.Scale + shift)?.Trimmed();
    }

    /// <summary>The quotient cut to a whole number; null for a zero divisor.</summary>
    public static ExactDecimal? Div(ExactDecimal left, ExactDecimal right)
    {
        if (right.Sign == 0)
        {
            return null;
        }

        var scale = Math.Max(left.Scale, right.Scale);
        return Bounded(left.WithScaleAtLeast(scale).Unscaled / right.WithScaleAtLeast(scale).Unscaled, 0);
    }

    /// <summary>The remainder of <see cref="Div"/>, with the sign of the left side; null for a zero divisor.</summary>
    public static ExactDecimal? Mod(ExactDecimal left, ExactDecimal right)
    {
        if (right.Sign == 0)
        {
            return null;
        }

        var scale = Math.Max(left.Scale, right.Scale);
        return new ExactDecimal(left.WithScaleAtLeast(scale).Unscaled % right.WithScaleAtLeast(scale).Unscaled, scale);
    }

    public ExactDecimal? Power(int exponent)
    {
        if (exponent < 0)
        {
            return Power(-exponent) is { } power ? One / power : null;
        }

        return (double)Digits(Unscaled) * exponent > MaxDigits * 2 ? null : Bounded(BigInteger.Pow(Unscaled, exponent), checked(Scale * exponent));
    }

    public ExactDecimal Abs() => Sign < 0 ? -this : this;

    public ExactDecimal Truncate() => AtScale(0, static (quotient, _, _) => quotient);

    public ExactDecimal Floor() => AtScale(0, static (quotient, remainder, _) => remainder.Sign < 0 ? quotient - 1 : quotient);

    public ExactDecimal Ceiling() => AtScale(0, static (quotient, remainder, _) => remainder.Sign > 0 ? quotient + 1 : quotient);

    /// <summary>To that many digits behind the point, half away from zero.</summary>
    public ExactDecimal Round(int scale)
        => AtScale(scale, static (quotient, remainder, divisor) => BigInteger.Abs(remainder) * 2 >= divisor ? quotient + remainder.Sign : quotient);

    /// <summary>To that many digits behind the point, towards zero; zeros are added where digits are missing.</summary>
    public ExactDecimal Cut(int scale) => AtScale(scale, static (quotient, _, _) => quotient).WithScaleAtLeast(scale);

    /// <summary>The same value with the least scale of zero or more.</summary>
    public ExactDecimal Trimmed()
    {
        var (unscaled, scale) = (Unscaled, Scale);
        while (scale > 0)
        {
            var quotient = BigInteger.DivRem(unscaled, 10, out var remainder);
            if (!remainder.IsZero)
            {
                break;
            }

            (unscaled, scale) = (quotient, scale - 1);
        }

        return scale == Scale ? this : new ExactDecimal(unscaled, scale);
    }

    public ExactDecimal WithScaleAtLeast(int scale) => Scale >= scale ? this : new(Unscaled * Power10(scale - Scale), scale);

    /// <summary>Half a unit in the last place: what the digits as written leave open on either side.</summary>
    public ExactDecimal HalfStep() => new(5, Scale + 1);

    /// <summary>The value when it is whole and fits; null otherwise.</summary>
    public int? ToInteger()
    {
        var trimmed = Trimmed();
        return trimmed.Scale == 0 && trimmed.Unscaled >= int.MinValue && trimmed.Unscaled <= int.MaxValue ? (int)trimmed.Unscaled : null;
    }

    public double ToDouble() => double.Parse(ToString(), CultureInfo.InvariantCulture);

    /// <summary>Plain digits, never an exponent: "-0.0034", "1.10".</summary>
    public override string ToString()
    {
        var digits = BigInteger.Abs(Unscaled).ToString(CultureInfo.InvariantCulture);
        if (Scale > 0)
        {
            digits = digits.PadLeft(Scale + 1, '0').Insert(Math.Max(digits.Length, Scale + 1) - Scale, ".");
        }

        return Sign < 0 ? "-" + digits : digits;
    }

    private static int Digits(BigInteger value) => value.IsZero ? 1 : (int)Math.Ceiling(BigInteger.Log10(BigInteger.Abs(value)) + 1e-9);

    private static BigInteger Power10(int exponent) => BigInteger.Pow(10, exponent);

    private static ExactDecimal? Bounded(BigInteger unscaled, int scale)
        => Digits(unscaled) > MaxDigits || scale > MaxDigits * 2 ? null : new ExactDecimal(unscaled, scale).WithScaleAtLeast(0);

    private ExactDecimal AtScale(int scale, Func<BigInteger, BigInteger, BigInteger, BigInteger> settle)
    {
        if (Scale <= scale)
        {
            return this;
        }

        var divisor = Power10(Scale - scale);
        var quotient = BigInteger.DivRem(Unscaled, divisor, out var remainder);
        return new ExactDecimal(settle(quotient, remainder, divisor), scale).WithScaleAtLeast(0);
    }
}
