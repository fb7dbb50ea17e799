using System.Numerics;
using AtcFhir.R4.Values;
using CsCheck;

namespace AtcFhir.Tests.R4.Values;

public sealed class FhirDecimalTests
{
    private static readonly Gen<FhirDecimal> AnyDecimal =
        from digits in Gen.Int[1, 40]
        from unscaled in Gen.String[Gen.Char['0', '9'], digits, digits]
        from negative in Gen.Bool
        from scale in Gen.Int[-40, 40]
        select new FhirDecimal(BigInteger.Parse((negative ? "-" : "") + unscaled, CultureInfo.InvariantCulture), scale);

    private static readonly string[] Exponents = ["e", "E", "e+", "E-"];

    private static readonly Gen<string> Digits = Gen.String[Gen.Char['0', '9'], 1, 40];

    private static readonly Gen<string> AnyText =
        from negative in Gen.Bool
        from whole in Digits
        from fraction in Gen.OneOf(Gen.Const(""), Digits.Select(digits => "." + digits))
        from exponent in Gen.OneOf(Gen.Const(""), Gen.Select(Gen.Int[0, 3], Gen.Int[0, 400], (e, power) => Exponents[e] + power.ToString(CultureInfo.InvariantCulture)))
        select (negative ? "-" : "") + (whole.TrimStart('0') is { Length: > 0 } digits ? digits : "0") + fraction + exponent;

    [Theory]
    [InlineData("0", "0", 0)]
    [InlineData("-0.10", "-10", 2)]
    [InlineData("1E2", "1", -2)]
    [InlineData("1.50e+3", "150", -1)]
    [InlineData("1.0e-3", "10", 4)]
    [InlineData("0.00000000000000000000000000000000001", "1", 35)]
    [InlineData("12345678901234567890123456789012345.0", "123456789012345678901234567890123450", 1)]
    public void ReadsTheDigitsAsWritten(string text, string unscaled, int scale)
    {
        Assert.True(FhirDecimal.TryParse(text, out var value));
        Assert.Equal(BigInteger.Parse(unscaled, CultureInfo.InvariantCulture), value.Unscaled);
        Assert.Equal(scale, value.Scale);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1e+-2")]
    [InlineData("1e2.5")]
    [InlineData("1E99999999999")]
    [InlineData("1 ")]
    [InlineData("NaN")]
    public void RefusesWhatIsNoJsonNumber(string text) => Assert.False(FhirDecimal.TryParse(text, out _));

    [Theory]
    [InlineData("100", "99.5", "100.5")]
    [InlineData("100.00", "99.995", "100.005")]
    [InlineData("1e2", "95", "105")]
    [InlineData("-5", "-5.5", "-4.5")]
    [InlineData("0", "-0.5", "0.5")]
    public void ThePrecisionImpliesAnInterval(string text, string low, string high)
    {
        Assert.True(FhirDecimal.TryParse(text, out var value) & FhirDecimal.TryParse(low, out var expectedLow) & FhirDecimal.TryParse(high, out var expectedHigh));
        Assert.Equal((expectedLow, expectedHigh), value.Interval);
    }

    [Fact]
    public void OrdersByValueAsExactArithmeticDoes() => Gen.Select(AnyDecimal, AnyDecimal).Sample((left, right) =>
    {
        var expected = (left.Unscaled * BigInteger.Pow(10, 80 - left.Scale)).CompareTo(right.Unscaled * BigInteger.Pow(10, 80 - right.Scale));
        return Math.Sign(left.CompareTo(right)) == Math.Sign(expected) && (expected != 0 || left.GetHashCode() == right.GetHashCode());
    });

    [Fact]
    public void OrdersByValueHoweverFarTheScalesAreApart() => Gen.Select(AnyDecimal, AnyDecimal, Gen.Int[-2000, 2000]).Sample((left, right, apart) =>
    {
        var moved = new FhirDecimal(right.Unscaled, right.Scale + apart);
        var expected = (left.Unscaled * BigInteger.Pow(10, 2100 - left.Scale)).CompareTo(moved.Unscaled * BigInteger.Pow(10, 2100 - moved.Scale));
        return Math.Sign(left.CompareTo(moved)) == Math.Sign(expected) && Math.Sign(moved.CompareTo(left)) == -Math.Sign(expected);
    });

    [Fact]
    public void OrdersAsTheDecimalsOfDotNetDo() => Gen.Select(Gen.Decimal, Gen.Decimal).Sample((left, right) =>
        Math.Sign(Of(left).CompareTo(Of(right))) == left.CompareTo(right) && Of(left).Equals(Of(right)) == (left == right) && Of(left).ToDecimal() == left);

    [Fact]
    public void EqualValuesHaveEqualHashes() => Gen.Select(AnyDecimal, Gen.Int[0, 20]).Sample((value, zeros) =>
        value.WithScaleAtLeast(value.Scale + zeros) is var longer && longer.Equals(value) && longer.GetHashCode() == value.GetHashCode() && value.Trim().Equals(value));

    [Fact]
    public void GivesBackTheTextThatWasRead() => AnyText.Sample(text => FhirDecimal.Parse(text)?.ToString() == text);

    [Fact]
    public void AnExponentIsWrittenOutOnRequest() => AnyText.Sample(text =>
        FhirDecimal.Parse(text) is { } value && value.WithScaleAtLeast(0) is var plain && plain.Equals(value) && !plain.ToString().Contains('E', StringComparison.OrdinalIgnoreCase));

    [Theory]
    [InlineData("6.30", 1, "63.0")]
    [InlineData("0.05", 3, "50")]
    [InlineData("5", 1, "50")]
    [InlineData("1500", -3, "1.500")]
    [InlineData("-0.5", -1, "-0.05")]
    [InlineData("1E2", 1, "1000")]
    [InlineData("12e-3", 0, "12e-3")]
    [InlineData("12e-3", 1, "0.12")]
    [InlineData("0", 3, "0")]
    public void ScalingMovesThePoint(string number, int power, string scaled) => Assert.Equal(scaled, FhirDecimal.Parse(number)!.Value.ScaleByPowerOfTen(power).ToString());

    [Fact]
    public void ScalingThereAndBackKeepsTheValue() => Gen.Select(AnyDecimal, Gen.Int[-6, 6]).Sample((number, power) =>
        number.ScaleByPowerOfTen(power).ScaleByPowerOfTen(-power).Equals(number));

    [Fact]
    public void ItsTextReadsBackWithTheSamePrecision() => AnyDecimal.Sample(value =>
        FhirDecimal.TryParse(value.ToString(), out var again) && again.Unscaled == value.Unscaled && (again.Scale == value.Scale || value.IsZero));

    [Fact]
    public void ANormalFormIsTheSameValueWithoutTrailingZeros() => AnyDecimal.Sample(value =>
        value.Normalize() is var normal && normal.Equals(value) && (normal.IsZero || normal.Unscaled % 10 != 0));

    [Fact]
    public void HugeExponentsAreComparedAtOnce()
    {
        Assert.True(FhirDecimal.TryParse("1E1000000", out var huge) & FhirDecimal.TryParse("1E-1000000", out var tiny));
        Assert.True(tiny < huge);
    }

    [Theory]
    [InlineData("79228162514264337593543950335", true)]
    [InlineData("79228162514264337593543950336", false)]
    [InlineData("1E-29", false)]
    [InlineData("-1.50", true)]
    public void ToDecimalIsExactOrNull(string text, bool fits)
    {
        Assert.True(FhirDecimal.TryParse(text, out var value));
        Assert.Equal(fits ? decimal.Parse(text, CultureInfo.InvariantCulture) : null, value.ToDecimal());
    }

    private static FhirDecimal Of(decimal value) => FhirDecimal.Parse(value.ToString(CultureInfo.InvariantCulture))!.Value;
}
