using AtcFhir.R4.FhirPath.Values;
using CsCheck;

namespace AtcFhir.Tests.R4.FhirPath.Values;

public sealed class ExactDecimalTests
{
    private static readonly Gen<ExactDecimal> Numbers = Gen.Decimal.Select(value => ExactDecimal.Parse(value.ToString(System.Globalization.CultureInfo.InvariantCulture))!);

    [Fact]
    public void ReadsWhatItWrites() => Numbers.Sample(value => ExactDecimal.Parse(value.ToString())!.ToString() == value.ToString());

    [Fact]
    public void TakesAwayWhatItAdds() => Gen.Select(Numbers, Numbers).Sample((a, b) => ((a + b)! - b)!.Equals(a));

    [Fact]
    public void IsTheQuotientTimesTheDivisorPlusTheRest() => Gen.Select(Numbers, Numbers.Where(value => value.Sign != 0))
        .Sample((a, b) => ExactDecimal.Div(a, b) is not { } quotient || ((quotient * b)! + ExactDecimal.Mod(a, b)!)!.Equals(a));

    [Fact]
    public void ComparesAsDotNetDoes() => Gen.Select(Gen.Decimal, Gen.Decimal).Sample((a, b) => Math.Sign(Of(a).CompareTo(Of(b))) == Math.Sign(a.CompareTo(b)));

    [Theory]
    [InlineData("1.10", "1.10")]
    [InlineData("1E2", "100")]
    [InlineData("-1.5e-3", "-0.0015")]
    [InlineData("123456789012345678901234567890.12345", "123456789012345678901234567890.12345")]
    public void KeepsTheDigitsAsWritten(string text, string expected) => Assert.Equal(expected, ExactDecimal.Parse(text)!.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1.2.3")]
    [InlineData("1e99999")]
    [InlineData("--1")]
    [InlineData("1x")]
    public void RefusesWhatIsNoNumber(string text) => Assert.Null(ExactDecimal.Parse(text));

    [Theory]
    [InlineData("2.5", 0, "3")]
    [InlineData("-2.5", 0, "-3")]
    [InlineData("2.449", 1, "2.4")]
    public void RoundsHalfAwayFromZero(string text, int digits, string expected) => Assert.Equal(expected, ExactDecimal.Parse(text)!.Round(digits).ToString());

    private static ExactDecimal Of(decimal value) => ExactDecimal.Parse(value.ToString(System.Globalization.CultureInfo.InvariantCulture))!;
}
