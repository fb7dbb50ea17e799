using AtcFhir.Trial.Concepts;
using CsCheck;

namespace AtcFhir.Tests.Trial.Concepts;

public class PartialDateTimeTests
{
    [Theory]
    [InlineData("2018", "2018-01-01T00:00:00Z", "2019-01-01T00:00:00Z")]
    [InlineData("2018-12", "2018-12-01T00:00:00Z", "2019-01-01T00:00:00Z")]
    [InlineData("2020-02-29", "2020-02-29T00:00:00Z", "2020-03-01T00:00:00Z")]
    [InlineData("2018-10-16T23:30:00+02:00", "2018-10-16T21:30:00Z", "2018-10-16T21:30:01Z")]
    [InlineData("2018-10-16T23:30:00.5Z", "2018-10-16T23:30:00.5Z", "2018-10-16T23:30:00.6Z")]
    public void AValueIsAnInterval(string text, string earliest, string end)
    {
        var value = PartialDateTime.Parse(text)!.Value;

        Assert.Equal((DateTimeOffset.Parse(earliest, CultureInfo.InvariantCulture), DateTimeOffset.Parse(end, CultureInfo.InvariantCulture)), (value.Earliest, value.End));
        Assert.Equal(text, value.ToString());
    }

    [Theory]
    [InlineData("2019-02-29")]
    [InlineData("2018-13")]
    [InlineData("0000")]
    [InlineData("18")]
    [InlineData("16-10-2018")]
    [InlineData("2018-10-16T10:00:00")]
    [InlineData("2018-10-16T10:00Z")]
    [InlineData("2018-10-16T24:00:00Z")]
    [InlineData("2018-10-16 ")]
    [InlineData("")]
    [InlineData(null)]
    public void WhatIsNoDateOfFhirIsNone(string? text) => Assert.Null(PartialDateTime.Parse(text));

    [Theory]
    [InlineData("9999")]
    [InlineData("9999-12-31")]
    [InlineData("9999-12-31T23:59:59+00:00")]
    public void TheLastYearDoesNotOverflow(string text) => Assert.NotNull(PartialDateTime.Parse(text));

    [Fact]
    public void AnIntervalIsNeverEmpty() => Gen.Select(Gen.Int[1, 9999], Gen.Int[1, 12], Gen.Int[1, 31], Gen.Int[0, 23]).Sample((year, month, day, hour) =>
        PartialDateTime.Parse($"{year:0000}-{month:00}-{day:00}T{hour:00}:00:00Z") is not { } value || value.Earliest < value.End);
}
