using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.Sync.Border;
using AtcFhir.Sync.Enrolment;
using AtcFhir.Sync.Ledger;

namespace AtcFhir.Tests.Sync.Border;

public sealed class ConsentRuleTests
{
    private static readonly EnrolmentRow Enrolled = new(
        "s", "default", "ResearchStudy/a", "p", "r", "c", "001", At("2019-01-10"), At("2018-12-01"), At("2019-03-01"), EnrolmentState.Active, null, null);

    [Theory]
    [InlineData("\"effectiveDateTime\":\"2018-11-30\"", false)]
    [InlineData("\"effectiveDateTime\":\"2018-12-01\"", true)]
    [InlineData("\"effectiveDateTime\":\"2018\"", true)] // the year reaches into the period
    [InlineData("\"effectiveDateTime\":\"2019-02-28T23:59:59Z\"", true)]
    [InlineData("\"effectiveDateTime\":\"2019-03-01T00:30:00+02:00\"", true)] // still February, UTC
    [InlineData("\"effectiveDateTime\":\"2019-03-01T00:00:00Z\"", false)]
    [InlineData("\"effectivePeriod\":{\"start\":\"2018-11-01\",\"end\":\"2018-12-02\"}", true)]
    [InlineData("\"effectivePeriod\":{\"start\":\"2018-11-01\"}", false)]
    [InlineData("\"issued\":\"2018-11-01T10:00:00Z\"", false)]
    [InlineData("\"effectivePeriod\":{\"start\":\"2018-11-01\",\"end\":\"9999-12-31\"}", true)] // without end, as some hospitals write it
    [InlineData("\"effectiveDateTime\":\"9999\"", false)]
    [InlineData("\"effectiveDateTime\":\"0001-01-01T00:00:00+14:00\"", false)]
    [InlineData("\"effectiveDateTime\":\"2018-11-30 23:30\"", false)] // no date of FHIR, and before the consent
    [InlineData("\"status\":\"final\"", true)]
    public void DataAreCoveredWhenTheirTimeIsInTheConsentsPeriod(string element, bool expected)
    {
        var document = ResourceDocument.Parse(Encoding.UTF8.GetBytes($$"""{"resourceType":"Observation",{{element}}}""")).Value;
        Assert.Equal(expected, ConsentRule.Covers(Enrolled, DataDate.Of(document)));
    }

    [Fact]
    public void NothingIsCoveredAfterWithdrawalOrWhileThePatientIsFrozen()
    {
        Assert.False(ConsentRule.Covers(Enrolled with { State = EnrolmentState.Withdrawn }, null));
        Assert.False(ConsentRule.Covers(Enrolled with { Frozen = "merged" }, null));
    }

    private static DateTimeOffset At(string day) => DateTimeOffset.Parse(day, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
