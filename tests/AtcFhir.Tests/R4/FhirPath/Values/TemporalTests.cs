using AtcFhir.R4.FhirPath;
using AtcFhir.R4.FhirPath.Values;
using AtcFhir.R4.Values;
using CsCheck;

namespace AtcFhir.Tests.R4.FhirPath.Values;

public sealed class TemporalTests
{
    private static readonly Gen<DateTime> Moments = Gen.DateTime[new DateTime(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc)]
        .Select(value => new DateTime(value.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, DateTimeKind.Utc));

    [Theory]
    [InlineData("2015")]
    [InlineData("2015-02")]
    [InlineData("2015-02-04T14")]
    [InlineData("2015-02-04T14:34")]
    [InlineData("2015-02-04T14:34:28.123456789")]
    [InlineData("2015-02-04T14:34:28Z")]
    [InlineData("2015-02-04T14:34:28+00:00")]
    [InlineData("2015-02-04T14:34:28-12:30")]
    public void WritesWhatItReads(string text) => Assert.Equal(text, Read(FhirPathKind.DateTime, text).ToString());

    [Theory]
    [InlineData("2015-02-30")]
    [InlineData("0000")]
    [InlineData("2015-13")]
    [InlineData("2015-02-04T24:00")]
    [InlineData("2015-02T14:00")]
    [InlineData("2015-02-04T14:34:28+15:00")]
    [InlineData("15-02-04")]
    [InlineData("2015-02-04T14:34:28.")]
    public void RefusesWhatDoesNotExist(string text) => Assert.Null(TemporalReading.Parse(FhirPathKind.DateTime, text.AsSpan()));

    [Fact]
    public void OrdersFullDateTimesAsDotNetDoes() => Gen.Select(Moments, Moments, Gen.Int[-12, 14], Gen.Int[-12, 14])
        .Sample((a, b, first, second) => Math.Sign(TemporalComparison.Compare(Of(a, first), Of(b, second))!.Value) == a.CompareTo(b));

    [Fact]
    public void MovesByDaysAsDotNetDoes() => Gen.Select(Moments, Gen.Int[-100_000, 100_000])
        .Sample((a, days) => TemporalArithmetic.Add(Of(a, 0), new FhirDecimal(days), "day")!.ToString() == Of(a.AddDays(days), 0).ToString());

    [Fact]
    public void MovesBySecondsAsDotNetDoes() => Gen.Select(Moments, Gen.Int[-1_000_000, 1_000_000])
        .Sample((a, seconds) => TemporalArithmetic.Add(Of(a, 0), new FhirDecimal(seconds), "second")!.ToString() == Of(a.AddSeconds(seconds), 0).ToString());

    [Fact]
    public void MovesByMonthsAsDotNetDoes() => Gen.Select(Moments, Gen.Int[-800, 800])
        .Sample((a, months) => TemporalArithmetic.Add(Of(a, 0), new FhirDecimal(months), "month")!.ToString() == Of(a.AddMonths(months), 0).ToString());

    [Theory]
    [InlineData("2018-03", "2018-03-01", null)]
    [InlineData("2018-03", "2018-04-01", -1)]
    [InlineData("2018-03-01T10:30", "2018-03-01T10:30:00", null)]
    [InlineData("2012-04-15T15:00:00Z", "2012-04-15T10:00:00", null)]
    [InlineData("2012-04-15T15:00:00Z", "2012-04-17T10:00:00", -1)]
    public void LeavesOpenWhatPrecisionOrOffsetLeaveOpen(string left, string right, int? expected)
    {
        var order = TemporalComparison.Compare(Read(FhirPathKind.DateTime, left), Read(FhirPathKind.DateTime, right));
        Assert.Equal(expected, order is { } value ? Math.Sign(value) : null);
    }

    [Fact]
    public void HasNoYearBeyondTheCalendar()
    {
        var last = Read(FhirPathKind.Date, "9999-12-31");
        Assert.Null(TemporalArithmetic.Add(last, FhirDecimal.One, "day"));
        Assert.Null(TemporalArithmetic.Add(last, FhirDecimal.One, "year"));
        Assert.Null(TemporalArithmetic.Add(last, new FhirDecimal(-9999), "year"));
    }

    /// <summary>A time that ends at the hour moves by whole hours, as "T10" says no more. <see href="https://hl7.org/fhirpath/N1/#datetime-arithmetic"/></summary>
    [Theory]
    [InlineData("10", 30, "10")]
    [InlineData("10", -30, "10")]
    [InlineData("10", 90, "11")]
    [InlineData("10:15", 30, "10:45")]
    public void MovesAPartialTimeByWholeParts(string time, int minutes, string expected)
        => Assert.Equal(expected, TemporalArithmetic.Add(Read(FhirPathKind.Time, time), new FhirDecimal(minutes), "minute")!.Value.ToString());

    [Theory]
    [InlineData("2015T", "2015")]
    [InlineData("2015-02T", "2015-02")]
    [InlineData("2015-02-04T", "2015-02-04")]
    public void ADateTimeMayEndWithItsDate(string text, string expected)
    {
        Assert.Equal(expected, Read(FhirPathKind.DateTime, text).ToString());
        Assert.Null(TemporalReading.Parse(FhirPathKind.Date, text.AsSpan()));
    }

    [Fact]
    public void ComparesNanosecondsAndLeapSecondsAsWritten()
    {
        Assert.Equal(-1, Math.Sign(TemporalComparison.Compare(Read(FhirPathKind.Time, "10:00:00.123456788"), Read(FhirPathKind.Time, "10:00:00.123456789"))!.Value));
        Assert.Equal(-1, Math.Sign(TemporalComparison.Compare(Read(FhirPathKind.DateTime, "2016-12-31T23:59:60Z"), Read(FhirPathKind.DateTime, "2017-01-01T00:00:00Z"))!.Value));
    }

    private static FhirDateTime Read(FhirPathKind kind, string text) => TemporalReading.Parse(kind, text.AsSpan())!.Value;

    private static FhirDateTime Of(DateTime utc, int offset) => TemporalReading.From(FhirPathKind.DateTime, new DateTimeOffset(utc).ToOffset(TimeSpan.FromHours(offset)));
}
