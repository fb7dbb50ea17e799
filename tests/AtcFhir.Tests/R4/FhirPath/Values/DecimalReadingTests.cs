using System.Text;
using AtcFhir.R4.FhirPath.Values;
using CsCheck;

namespace AtcFhir.Tests.R4.FhirPath.Values;

public sealed class DecimalReadingTests
{
    [Fact]
    public void ReadsWhatItWrites() => Gen.Decimal.Select(value => value.ToString(CultureInfo.InvariantCulture))
        .Sample(text => DecimalReading.Parse(text.AsSpan())!.Value.ToString() is var written && DecimalReading.Parse(written.AsSpan())!.Value.ToString() == written);

    [Theory]
    [InlineData("1.10", "1.10")]
    [InlineData("+1.10", "1.10")]
    [InlineData("-007.50", "-7.50")]
    [InlineData("000", "0")]
    [InlineData("-0.0", "0.0")]
    [InlineData("1E2", "100")]
    [InlineData("01.5e+1", "15")]
    [InlineData("-1.5e-3", "-0.0015")]
    [InlineData("123456789012345678901234567890.12345", "123456789012345678901234567890.12345")]
    public void KeepsTheDigitsAndWritesTheExponentOut(string text, string expected)
    {
        Assert.Equal(expected, DecimalReading.Parse(text.AsSpan())!.Value.ToString());
        Assert.Equal(expected, DecimalReading.Parse(Encoding.ASCII.GetBytes(text))!.Value.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1.2.3")]
    [InlineData("1e401")]
    [InlineData("1e-401")]
    [InlineData("1e99999")]
    [InlineData("--1")]
    [InlineData("+-1")]
    [InlineData("1x")]
    [InlineData("1 ")]
    [InlineData("١")]
    public void RefusesWhatIsNoNumber(string text) => Assert.Null(DecimalReading.Parse(text.AsSpan()));

    [Theory]
    [InlineData(400, true)]
    [InlineData(401, false)]
    [InlineData(2000, false)]
    public void ReadsAsManyDigitsAsAreCalculatedWith(int digits, bool exists) => Assert.Equal(exists, DecimalReading.Parse(new string('7', digits).AsSpan()) is not null);
}
