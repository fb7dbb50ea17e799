using System.Numerics;

namespace AtcFhir.R4.Values;

/// <summary>
/// A decimal with exactly the digits that were written: Unscaled × 10^-Scale, so 1.00 has the scale 2 and 1E2 the scale -2. Any number of digits;
/// order and equality go by value, <see cref="Scale"/> keeps the precision, <see cref="ToString"/> gives back the text that was read.
/// <see href="https://hl7.org/fhir/R4/datatypes.html#decimal"/>
/// </summary>
public readonly struct FhirDecimal : IEquatable<FhirDecimal>, IComparable<FhirDecimal>
{
    /// <summary>Longer texts are refused.</summary>
    public const int LongestText = 1024;

    // Scales nearer than this are compared outright, others by their magnitude first.
    private const int NearScales = 64;

    // The text, where digits and scale do not give it back.
    private readonly string? written;

    public FhirDecimal(BigInteger unscaled, int scale = 0)
        : this(unscaled, scale, null)
    {
    }

    internal FhirDecimal(BigInteger unscaled, int scale, string? written) => (Unscaled, Scale, this.written) = (unscaled, scale, written);

    public static FhirDecimal One { get; } = new(BigInteger.One);

    public BigInteger Unscaled { get; }

    public int Scale { get; }

    public bool IsZero => Unscaled.IsZero;

    public int Sign => Unscaled.Sign;

    /// <summary>Reads the JSON form of a number: "-0.10", "1E2".</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out FhirDecimal value) => DecimalText.TryParse(utf8, out value);

    public static bool TryParse(ReadOnlySpan<char> text, out FhirDecimal value)
    {
        value = default;
        if (text.Length > LongestText)
        {
            return false;
        }

        Span<byte> utf8 = stackalloc byte[text.Length];
        return System.Text.Ascii.FromUtf16(text, utf8, out _) == System.Buffers.OperationStatus.Done && DecimalText.TryParse(utf8, out value);
    }

    /// <summary>As <see cref="TryParse(ReadOnlySpan{char}, out FhirDecimal)"/>; null when the text is no number.</summary>
    public static FhirDecimal? Parse(string? text) => text is not null && TryParse(text, out var value) ? value : null;

    /// <summary>
    /// The interval that the precision implies, as R4 search has it: 100 is [99.5, 100.5), 100.00 is [99.995, 100.005), 1e2 is [95, 105).
    /// <see href="https://hl7.org/fhir/R4/search.html#number"/>
    /// </summary>
    public (FhirDecimal Low, FhirDecimal High) Interval
    {
        get
        {
            // R4 reads 1e2 as 1.0e2 here: half a unit of one more digit than is written.
            var scale = Scale < 0 ? Scale + 2 : Scale + 1;
            var middle = Unscaled * BigInteger.Pow(10, scale - Scale);
            return (new FhirDecimal(middle - 5, scale), new FhirDecimal(middle + 5, scale));
        }
    }

    /// <summary>Order by value: 1.0 and 1.00 are equal. Large exponents cost nothing.</summary>
    public int CompareTo(FhirDecimal other)
    {
        if (Scale == other.Scale)
        {
            return Unscaled.CompareTo(other.Unscaled);
        }

        if (Sign != other.Sign || Sign == 0)
        {
            return Sign.CompareTo(other.Sign);
        }

        if (Math.Abs((long)Scale - other.Scale) > NearScales && Magnitude(this).CompareTo(Magnitude(other)) is not 0 and var magnitude)
        {
            return magnitude * Sign;
        }

        // Near scales, or as many digits before the point: the scales differ by no more than the digits that are written.
        var scale = Math.Max(Scale, other.Scale);
        return UnscaledAt(scale).CompareTo(other.UnscaledAt(scale));
    }

    public bool Equals(FhirDecimal other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => obj is FhirDecimal other && Equals(other);

    public override int GetHashCode()
    {
        var normal = Normalize();
        return HashCode.Combine(normal.Unscaled, normal.Scale);
    }

    /// <summary>The same value without trailing zeros: 1.00 and 1 become 1, 100 becomes 1E2. Equal values have equal normal forms.</summary>
    public FhirDecimal Normalize() => IsZero ? default : WithoutTrailingZeros(int.MinValue);

    /// <summary>The same value without trailing zeros behind the point: 1.50 becomes 1.5, 100 stays.</summary>
    public FhirDecimal Trim() => WithoutTrailingZeros(0);

    /// <summary>The same value with at least that many digits behind the point. It writes out an exponent: bound that first when it comes from outside.</summary>
    public FhirDecimal WithScaleAtLeast(int scale) => Scale >= scale ? new(Unscaled, Scale) : new(UnscaledAt(scale), scale);

    /// <summary>
    /// The value times ten to the power, with the same significant digits and written without an exponent: 6.30 by 1 is 63.0, 0.05 by 3 is 50.
    /// By 0 it stays as written.
    /// </summary>
    public FhirDecimal ScaleByPowerOfTen(int power) => power == 0 ? this : new FhirDecimal(Unscaled, Scale - power).WithScaleAtLeast(0);

    /// <summary>The nearest double; for ordering in an index, not for equality.</summary>
    public double ToDouble() => double.Parse($"{Unscaled}E{-Scale}", NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>The .NET decimal, or null when it has too many digits or is too large for one.</summary>
    public decimal? ToDecimal()
    {
        var normal = Normalize();
        if (normal.Scale is > 28 or < -28)
        {
            return null;
        }

        var unscaled = normal.Scale < 0 ? normal.Unscaled * BigInteger.Pow(10, -normal.Scale) : normal.Unscaled;
        if (BigInteger.Abs(unscaled).GetBitLength() > 96)
        {
            return null;
        }

        var magnitude = (decimal)BigInteger.Abs(unscaled);
        var bits = decimal.GetBits(magnitude);
        return new decimal(bits[0], bits[1], bits[2], unscaled.Sign < 0, (byte)Math.Max(0, normal.Scale));
    }

    /// <summary>The text that was read. Of a computed value the digits as scaled, without exponent where the scale is not negative: "1.00", "-0.5", "1E2".</summary>
    public override string ToString() => written ?? DecimalText.Of(Unscaled, Scale);

    public static FhirDecimal operator -(FhirDecimal value) => new(-value.Unscaled, value.Scale);

    public static bool operator ==(FhirDecimal left, FhirDecimal right) => left.Equals(right);

    public static bool operator !=(FhirDecimal left, FhirDecimal right) => !left.Equals(right);

    public static bool operator <(FhirDecimal left, FhirDecimal right) => left.CompareTo(right) < 0;

    public static bool operator >(FhirDecimal left, FhirDecimal right) => left.CompareTo(right) > 0;

    public static bool operator <=(FhirDecimal left, FhirDecimal right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FhirDecimal left, FhirDecimal right) => left.CompareTo(right) >= 0;

    /// <summary>The digits over a scale that is not less than its own.</summary>
    internal BigInteger UnscaledAt(int scale) => scale == Scale ? Unscaled : Unscaled * BigInteger.Pow(10, scale - Scale);

    private FhirDecimal WithoutTrailingZeros(int leastScale)
    {
        var (unscaled, scale) = (Unscaled, Scale);
        while (scale > leastScale)
        {
            var quotient = BigInteger.DivRem(unscaled, 10, out var rest);
            if (!rest.IsZero)
            {
                break;
            }

            (unscaled, scale) = (quotient, scale - 1);
        }

        return new FhirDecimal(unscaled, scale);
    }

    private static long Magnitude(FhirDecimal value) => DigitCount(BigInteger.Abs(value.Unscaled)) - (long)value.Scale;

    private static int DigitCount(BigInteger positive)
    {
        // At least 2^(bits-1): the estimate is the number of digits or one too few.
        var estimate = (int)((positive.GetBitLength() - 1) * 0.30102999566398119) + 1;
        return positive >= BigInteger.Pow(10, estimate) ? estimate + 1 : estimate;
    }
}
