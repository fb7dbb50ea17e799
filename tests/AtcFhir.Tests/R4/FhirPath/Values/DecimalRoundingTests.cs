using AtcFhir.R4.FhirPath.Values;
using AtcFhir.R4.Values;
using CsCheck;

namespace AtcFhir.Tests.R4.FhirPath.Values;

public sealed class DecimalRoundingTests
{
    [Theory]
    [InlineData("2.5", 0, "3")]
    [InlineData("-2.5", 0, "-3")]
    [InlineData("2.449", 1, "2.4")]
    [InlineData("2.4", 3, "2.4")]
    public void RoundsHalfAwayFromZero(string text, int digits, string expected) => Assert.Equal(expected, FhirDecimal.Parse(text)!.Value.Round(digits).ToString());

    [Theory]
    [InlineData("-1.587", 2, "-1.58")]
    [InlineData("1.5", 3, "1.500")]
    public void CutsTowardsZeroAndFillsUp(string text, int digits, string expected) => Assert.Equal(expected, FhirDecimal.Parse(text)!.Value.Cut(digits).ToString());

    [Fact]
    public void RoundsAsDotNetDoes() => Gen.Select(Gen.Long, Gen.Int[0, 18], Gen.Int[0, 18]).Sample((digits, scale, to) =>
    {
        var value = new FhirDecimal(digits, scale);
        var expected = value.ToDecimal()!.Value;
        return value.Round(to).ToDecimal() == Math.Round(expected, to, MidpointRounding.AwayFromZero)
            && value.Floor().ToDecimal() == Math.Floor(expected)
            && value.Ceiling().ToDecimal() == Math.Ceiling(expected)
            && value.Truncate().ToDecimal() == Math.Truncate(expected);
    });

    [Theory]
    [InlineData("7.00", 7)]
    [InlineData("-2147483648", int.MinValue)]
    [InlineData("2147483648", null)]
    [InlineData("7.5", null)]
    public void IsAnIntegerWhereItIsWholeAndFits(string text, int? expected) => Assert.Equal(expected, FhirDecimal.Parse(text)!.Value.ToInteger());
}
