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
    public void WritesWhatItReads(string text) => Assert.Equal(text, Temporal.Parse(FhirPathKind.DateTime, text)!.ToString());

    [Theory]
    [InlineData("2015-02-30")]
    [InlineData("0000")]
    [InlineData("2015-13")]
    [InlineData("2015-02-04T24:00")]
    [InlineData("2015-02T14:00")]
    [InlineData("2015-02-04T14:34:28+15:00")]
    [InlineData("15-02-04")]
    [InlineData("2015-02-04T14:34:28.")]
    public void RefusesWhatDoesNotExist(string text) => Assert.Null(Temporal.Parse(FhirPathKind.DateTime, text));

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
        var order = TemporalComparison.Compare(Temporal.Parse(FhirPathKind.DateTime, left)!, Temporal.Parse(FhirPathKind.DateTime, right)!);
        Assert.Equal(expected, order is { } value ? Math.Sign(value) : null);
    }

    [Fact]
    public void HasNoYearBeyondTheCalendar()
    {
        var last = Temporal.Parse(FhirPathKind.Date, "9999-12-31")!;
        Assert.Null(TemporalArithmetic.Add(last, FhirDecimal.One, "day"));
        Assert.Null(TemporalArithmetic.Add(last, FhirDecimal.One, "year"));
        Assert.Null(TemporalArithmetic.Add(last, new FhirDecimal(-9999), "year"));
    }

    private static Temporal Of(DateTime utc, int offset) => Temporal.From(FhirPathKind.DateTime, new DateTimeOffset(utc).ToOffset(TimeSpan.FromHours(offset)));
}
