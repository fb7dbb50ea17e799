using System.Text;
using AtcFhir.R4.Values;
using CsCheck;

namespace AtcFhir.Tests.R4.Values;

public sealed class FhirDateTimeTests
{
    [Theory]
    [InlineData("2018", DateTimePrecision.Year, "2018-01-01T00:00:00Z", "2019-01-01T00:00:00Z")]
    [InlineData("2018-12", DateTimePrecision.Month, "2018-12-01T00:00:00Z", "2019-01-01T00:00:00Z")]
    [InlineData("2016-02-29", DateTimePrecision.Day, "2016-02-29T00:00:00Z", "2016-03-01T00:00:00Z")]
    [InlineData("2018-10-16T08:30:00+02:00", DateTimePrecision.Second, "2018-10-16T06:30:00Z", "2018-10-16T06:30:01Z")]
    [InlineData("2018-10-16T08:30:00.25-05:30", DateTimePrecision.Fraction, "2018-10-16T14:00:00.25Z", "2018-10-16T14:00:00.26Z")]
    [InlineData("2016-12-31T23:59:60Z", DateTimePrecision.Second, "2017-01-01T00:00:00Z", "2017-01-01T00:00:01Z")]
    public void MeansAnInterval(string text, DateTimePrecision precision, string earliest, string latest)
    {
        Assert.True(FhirDateTime.TryParse(text, out var value));
        Assert.Equal(precision, value.Precision);
        Assert.Equal(DateTimeOffset.Parse(earliest, CultureInfo.InvariantCulture).Ticks, value.Earliest);
        Assert.Equal(DateTimeOffset.Parse(latest, CultureInfo.InvariantCulture).Ticks, value.Latest);
        Assert.Equal(DateTimeOffset.Parse(earliest, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), value.EarliestUnixMilliseconds);
    }

    [Theory]
    [InlineData("0000")]
    [InlineData("18")]
    [InlineData("2018-13")]
    [InlineData("2018-02-29")]
    [InlineData("2018-10-16T08:30Z")]
    [InlineData("2018-10-16T08:30:00")]
    [InlineData("2018-10-16T24:00:00Z")]
    [InlineData("2018-10-16T08:30:00.Z")]
    [InlineData("2018-10-16T08:30:00+14:01")]
    [InlineData("2018-10-16t08:30:00Z")]
    [InlineData("2018-10-16 ")]
    [InlineData("")]
    public void RefusesWhatR4DoesNotAllow(string text) => Assert.False(FhirDateTime.TryParse(text, out _));

    [Theory]
    [InlineData("2018-10-16T08", DateTimePrecision.Hour, null)]
    [InlineData("2018-10-16T08:30", DateTimePrecision.Minute, null)]
    [InlineData("2018-10-16T08:30+01:00", DateTimePrecision.Minute, 60)]
    [InlineData("2018-10-16T08:30:00", DateTimePrecision.Second, null)]
    public void PartialTimesAreReadWhereTheyAreAllowed(string text, DateTimePrecision precision, int? offset)
    {
        Assert.True(FhirDateTime.TryParsePartial(Encoding.ASCII.GetBytes(text), out var value));
        Assert.Equal((precision, offset), (value.Precision, value.OffsetMinutes));
    }

    [Theory]
    [InlineData("08:30:00", false, true)]
    [InlineData("08:30:00.123", false, true)]
    [InlineData("08:30", false, false)]
    [InlineData("08:30", true, true)]
    [InlineData("24:00:00", true, false)]
    [InlineData("08:30:00Z", true, false)]
    public void ATimeHasNoDate(string text, bool allowPartial, bool valid)
    {
        Assert.Equal(valid, FhirDateTime.TryParseTime(Encoding.ASCII.GetBytes(text), allowPartial, out var value));
        Assert.Equal(valid, value.IsTime);
    }

    [Theory]
    [InlineData("2018", "2019", -1)]
    [InlineData("2018", "2018", 0)]
    [InlineData("2018", "2018-10", null)]
    [InlineData("2018-10-16", "2018-10-16T10:00:00Z", null)]
    [InlineData("2018-10-15", "2018-10-16T10:00:00Z", -1)]
    [InlineData("2018-10-16T10:00:00Z", "2018-10-16T12:00:00+02:00", 0)]
    [InlineData("2018-10-16T10:00:00Z", "2018-10-16T10:00:00.000Z", 0)]
    [InlineData("2018-10-16T10:00:00Z", "2018-10-16T10:00:00.5Z", -1)]
    public void OrderIsOpenWhereThePrecisionLeavesItOpen(string left, string right, int? order)
    {
        Assert.True(FhirDateTime.TryParse(left, out var first) & FhirDateTime.TryParse(right, out var second));
        Assert.Equal(order, first.CompareTo(second));
        Assert.Equal(-order, second.CompareTo(first));
    }

    [Fact]
    public void EveryMomentReadsBackAsItself() => Gen.Long[0, DateTime.MaxValue.Ticks - 1].Select(Gen.Int[-14 * 60, 14 * 60]).Sample((ticks, offset) =>
    {
        var local = new DateTime(Math.Clamp(ticks, TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay), DateTimeKind.Unspecified);
        var moment = new DateTimeOffset(local, TimeSpan.FromMinutes(offset));
        return FhirDateTime.TryParse(moment.ToString("yyyy-MM-ddTHH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture), out var value)
            && value.Earliest == moment.UtcTicks && value.Latest == value.Earliest + 1 && value.OffsetMinutes == offset && value.ToDateTimeOffset() == moment;
    });

    [Fact]
    public void TheLastDayEndsWithTheYear10000()
    {
        Assert.True(FhirDateTime.TryParse("9999-12-31", out var value));
        Assert.Equal(DateTime.MaxValue.Ticks + 1, value.Latest);
    }
}
