using AtcFhir.Trial.Concepts;
using CsCheck;

namespace AtcFhir.Tests.Trial.Concepts;

public class ExactDecimalTests
{
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
    public void ScalingMovesThePoint(string number, int power, string scaled) => Assert.Equal(scaled, Number(number).ScaledByPowerOfTen(power).Text);

    [Theory]
    [InlineData("01")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("+1")]
    [InlineData("1E999")]
    [InlineData("NaN")]
    [InlineData("1 ")]
    [InlineData(null)]
    public void WhatIsNoDecimalOfFhirIsNone(string? text) => Assert.Null(ExactDecimal.Parse(text));

    [Fact]
    public void ScalingThereAndBackKeepsTheValue() => Gen.Select(Gen.Decimal[-1_000_000, 1_000_000], Gen.Int[-6, 6]).Sample((number, power) =>
        Number(Text(number)).ScaledByPowerOfTen(power).ScaledByPowerOfTen(-power).CompareTo(Number(Text(number))) == 0);

    [Fact]
    public void OrderIsThatOfTheNumbers() => Gen.Select(Gen.Decimal[-1000, 1000], Gen.Decimal[-1000, 1000]).Sample((left, right) =>
        Math.Sign(Number(Text(left)).CompareTo(Number(Text(right)))) == left.CompareTo(right));

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    private static ExactDecimal Number(string text) => ExactDecimal.Parse(text)!.Value;
}
