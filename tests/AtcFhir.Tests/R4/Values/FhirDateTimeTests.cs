using System.Text;
using AtcFhir.R4.Values;
using CsCheck;

namespace AtcFhir.Tests.R4.Values;

public sealed class FhirDateTimeTests
{
    private static readonly string[] Offsets = ["Z", "+00:00", "-00:00", "+02:00", "-05:30", "+14:00", "-14:00"];

    private static readonly Gen<string> AnyText =
        from day in Gen.DateOnly[new DateOnly(1, 1, 2), new DateOnly(9999, 12, 30)]
        from second in Gen.Int[0, 86_399]
        from leap in Gen.Int[0, 9]
        from digits in Gen.Int[0, 15]
        from fraction in Gen.String[Gen.Char['0', '9'], 15, 15]
        from offset in Gen.Int[0, Offsets.Length - 1]
        from length in Gen.Int[0, 3]
        let date = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        let time = TimeSpan.FromSeconds(second).ToString(@"hh\:mm\:", CultureInfo.InvariantCulture) + (leap == 0 ? "60" : $"{second % 60:00}")
        select length switch { 0 => date[..4], 1 => date[..7], 2 => date, _ => $"{date}T{time}{(digits == 0 ? "" : "." + fraction[..digits])}{Offsets[offset]}" };

    [Theory]
    [InlineData("2018", DateTimePrecision.Year, "2018-01-01T00:00:00Z", "2019-01-01T00:00:00Z")]
    [InlineData("2018-12", DateTimePrecision.Month, "2018-12-01T00:00:00Z", "2019-01-01T00:00:00Z")]
    [InlineData("2016-02-29", DateTimePrecision.Day, "2016-02-29T00:00:00Z", "2016-03-01T00:00:00Z")]
    [InlineData("2018-10-16T08:30:00+02:00", DateTimePrecision.Second, "2018-10-16T06:30:00Z", "2018-10-16T06:30:01Z")]
    [InlineData("2018-10-16T08:30:00.25-05:30", DateTimePrecision.Fraction, "2018-10-16T14:00:00.25Z", "2018-10-16T14:00:00.26Z")]
    [InlineData("2016-12-31T23:59:60Z", DateTimePrecision.Second, "2017-01-01T00:00:00Z", "2017-01-01T00:00:01Z")]
    [InlineData("2018-10-16T23:30:00.123456789123Z", DateTimePrecision.Fraction, "2018-10-16T23:30:00.1234567Z", "2018-10-16T23:30:00.1234568Z")]
    public void MeansAnIntervalAndKeepsItsText(string text, DateTimePrecision precision, string earliest, string latest)
    {
        Assert.True(FhirDateTime.TryParse(text, out var value));
        Assert.Equal(precision, value.Precision);
        Assert.Equal(DateTimeOffset.Parse(earliest, CultureInfo.InvariantCulture).Ticks, value.Earliest);
        Assert.Equal(DateTimeOffset.Parse(latest, CultureInfo.InvariantCulture).Ticks, value.Latest);
        Assert.Equal(DateTimeOffset.Parse(earliest, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), value.EarliestUnixMilliseconds);
        Assert.Equal(text, value.ToString());
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
    [InlineData("2018-10-16T10:00Z")]
    [InlineData("16-10-2018")]
    [InlineData("")]
    public void RefusesWhatR4DoesNotAllow(string text)
    {
        Assert.False(FhirDateTime.TryParse(text, out _));
        Assert.Null(FhirDateTime.Parse(text));
    }

    [Theory]
    [InlineData("2018-10-16T08", DateTimePrecision.Hour, null)]
    [InlineData("2018-10-16T08:30", DateTimePrecision.Minute, null)]
    [InlineData("2018-10-16T08:30+01:00", DateTimePrecision.Minute, 60)]
    [InlineData("2018-10-16T08:30:00", DateTimePrecision.Second, null)]
    public void PartialTimesAreReadWhereTheyAreAllowed(string text, DateTimePrecision precision, int? offset)
    {
        Assert.True(FhirDateTime.TryParsePartial(Encoding.ASCII.GetBytes(text), out var value));
        Assert.Equal((precision, offset), (value.Precision, value.OffsetMinutes));
        Assert.Equal(text, value.ToString());
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
    public void EveryTextIsGivenBack() => AnyText.Sample(text => FhirDateTime.Parse(text)?.ToString() == text);

    [Fact]
    public void OrderIsThatOfTheMomentsHoweverTheyAreWritten() => Gen.Select(AnyText, AnyText, AnyText).Sample((first, second, third) =>
    {
        var (a, b, c) = (FhirDateTime.Parse(first)!.Value, FhirDateTime.Parse(second)!.Value, FhirDateTime.Parse(third)!.Value);
        return a.Earliest < a.Latest
            && a.CompareTo(a) == 0
            && Sign(a.CompareTo(b)) == -Sign(b.CompareTo(a))
            && (!a.Equals(b) || (a.CompareTo(b) == 0 && a.GetHashCode() == b.GetHashCode()))
            && (a.IsBefore(b) != true || b.IsBefore(c) != true || a.IsBefore(c) == true)
            && (a.Latest > b.Earliest || a.IsBefore(b) == true);
    });

    [Fact]
    public void EqualityIsThatOfTheIntervalAndOrderIsOpenWhereOneHoldsTheOther() => AnyText.Where(text => text.Length > 10).Sample(text =>
    {
        var moment = FhirDateTime.Parse(text)!.Value;
        return !moment.Equals(FhirDateTime.Parse(text[..10])) && FhirDateTime.Parse(text[..7])!.Value.CompareTo(FhirDateTime.Parse(text[..10])!.Value) is null
            && moment.ToDate(DateTimePrecision.Day).ToString() == text[..10] && moment.ToDate(DateTimePrecision.Year).ToString() == text[..4];
    });

    [Fact]
    public void ADayOfTheCalendarIsItself() => Gen.DateOnly.Sample(day => FhirDateTime.Of(day).ToString() == day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("9999")]
    [InlineData("9999-12")]
    [InlineData("9999-12-31T23:59:59+00:00")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    public void TheEdgesOfTheCalendarDoNotOverflow(string text) => Assert.True(FhirDateTime.Parse(text) is { } value && value.Earliest < value.Latest && value.ToString() == text);

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

    private static int? Sign(int? order) => order is { } known ? Math.Sign(known) : null;
}
