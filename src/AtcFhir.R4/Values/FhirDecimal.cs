using System.Buffers.Text;
using System.Numerics;

namespace AtcFhir.R4.Values;

/// <summary>
/// A decimal with exactly the digits that were written: Unscaled × 10^-Scale, so 1.00 has the scale 2 and 1E2 the scale -2. Any number of digits;
/// order and equality go by value, <see cref="Scale"/> keeps the precision. <see href="https://hl7.org/fhir/R4/datatypes.html#decimal"/>
/// </summary>
public readonly struct FhirDecimal : IEquatable<FhirDecimal>, IComparable<FhirDecimal>
{
    /// <summary>Longer texts are refused.</summary>
    public const int LongestText = 1024;

    private const int LargestExponent = 1_000_000;

    public FhirDecimal(BigInteger unscaled, int scale) => (Unscaled, Scale) = (unscaled, scale);

    public BigInteger Unscaled { get; }

    public int Scale { get; }

    public bool IsZero => Unscaled.IsZero;

    public int Sign => Unscaled.Sign;

    /// <summary>Reads the JSON form of a number: "-0.10", "1E2".</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out FhirDecimal value)
    {
        value = default;
        var at = utf8 is [(byte)'-', ..] ? 1 : 0;
        var negative = at == 1;
        Span<byte> digits = stackalloc byte[LongestText];
        var (count, scale) = (0, 0);
        if (utf8.Length > LongestText || !Digits(utf8, ref at, digits, ref count) || (count > 1 && digits[0] == '0'))
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

        if (at < utf8.Length && (utf8[at] | 0x20) == 'e')
        {
            if (!Exponent(utf8[(at + 1)..], out var exponent))
            {
                return false;
            }

            scale -= exponent;
            at = utf8.Length;
        }

        if (at != utf8.Length)
        {
            return false;
        }

        var unscaled = count <= 18 && Utf8Parser.TryParse(digits[..count], out long small, out _)
            ? small
            : BigInteger.Parse(System.Text.Encoding.ASCII.GetString(digits[..count]), NumberStyles.None, CultureInfo.InvariantCulture);
        value = new FhirDecimal(negative ? -unscaled : unscaled, scale);
        return true;
    }

    public static bool TryParse(ReadOnlySpan<char> text, out FhirDecimal value)
    {
        Span<byte> utf8 = stackalloc byte[LongestText];
        value = default;
        return text.Length <= utf8.Length
            && System.Text.Ascii.FromUtf16(text, utf8, out var length) == System.Buffers.OperationStatus.Done
            && TryParse(utf8[..length], out value);
    }

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
        if (Sign != other.Sign || Sign == 0)
        {
            return Sign.CompareTo(other.Sign);
        }

        var magnitude = Magnitude(this).CompareTo(Magnitude(other));
        if (magnitude != 0)
        {
            return magnitude * Sign;
        }

        // The same number of digits before the point: the scales differ by no more than the digits that are written.
        var scale = Math.Max(Scale, other.Scale);
        return (Unscaled * BigInteger.Pow(10, scale - Scale)).CompareTo(other.Unscaled * BigInteger.Pow(10, scale - other.Scale));
    }

    public bool Equals(FhirDecimal other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => obj is FhirDecimal other && Equals(other);

    public override int GetHashCode()
    {
        var normal = Normalize();
        return HashCode.Combine(normal.Unscaled, normal.Scale);
    }

    /// <summary>The same value without trailing zeros: 1.00 and 1 become 1, 100 becomes 1E2. Equal values have equal normal forms.</summary>
    public FhirDecimal Normalize()
    {
        if (IsZero)
        {
            return default;
        }

        var (unscaled, scale) = (Unscaled, Scale);
        for (var (next, rest) = BigInteger.DivRem(unscaled, 10); rest.IsZero; (next, rest) = BigInteger.DivRem(unscaled, 10))
        {
            (unscaled, scale) = (next, scale - 1);
        }

        return new FhirDecimal(unscaled, scale);
    }

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

    /// <summary>Digits as scaled, without exponent where the scale is not negative: "1.00", "-0.5", "1E2".</summary>
    public override string ToString()
    {
        if (Scale <= 0)
        {
            return Scale == 0 || IsZero ? Unscaled.ToString(CultureInfo.InvariantCulture) : $"{Unscaled.ToString(CultureInfo.InvariantCulture)}E{-Scale}";
        }

        if (Scale > LongestText)
        {
            return $"{Unscaled.ToString(CultureInfo.InvariantCulture)}E{-Scale}";
        }

        var digits = BigInteger.Abs(Unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
        return string.Concat(Sign < 0 ? "-" : "", digits.AsSpan(0, digits.Length - Scale), ".", digits.AsSpan(digits.Length - Scale));
    }

    public static bool operator ==(FhirDecimal left, FhirDecimal right) => left.Equals(right);

    public static bool operator !=(FhirDecimal left, FhirDecimal right) => !left.Equals(right);

    public static bool operator <(FhirDecimal left, FhirDecimal right) => left.CompareTo(right) < 0;

    public static bool operator >(FhirDecimal left, FhirDecimal right) => left.CompareTo(right) > 0;

    public static bool operator <=(FhirDecimal left, FhirDecimal right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FhirDecimal left, FhirDecimal right) => left.CompareTo(right) >= 0;

    private static long Magnitude(FhirDecimal value) => DigitCount(BigInteger.Abs(value.Unscaled)) - (long)value.Scale;

    private static int DigitCount(BigInteger positive)
    {
        // At least 2^(bits-1): the estimate is the number of digits or one too few.
        var estimate = (int)((positive.GetBitLength() - 1) * 0.30102999566398119) + 1;
        return positive >= BigInteger.Pow(10, estimate) ? estimate + 1 : estimate;
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
