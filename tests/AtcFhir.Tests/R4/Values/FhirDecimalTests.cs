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
}
