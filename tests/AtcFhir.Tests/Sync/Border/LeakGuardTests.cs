using System.Text;
using AtcFhir.Sync.Border;

namespace AtcFhir.Tests.Sync.Border;

public sealed class LeakGuardTests
{
    [Theory]
    [InlineData("123456782", true)]
    [InlineData("BSN 123456782.", true)]
    [InlineData("123456789", false)] // fails the eleven test
    [InlineData("000000000", false)]
    [InlineData("1234567820", false)]
    [InlineData("a123456782", false)]
    [InlineData("b-123456782", false)]
    public void ACitizenServiceNumberIsSeenAsAPersonWouldReadIt(string text, bool expected) => Assert.Equal(expected, LeakGuard.HasCitizenNumber(text));

    [Fact]
    public void ItSaysWhereButNotWhat()
    {
        var issue = Assert.Single(LeakGuard.Look(Encoding.UTF8.GetBytes("""{"resourceType":"Observation","code":{"text":"see 123456782"}}"""), []));
        Assert.Equal("Observation.code.text", issue.Expression);
        Assert.DoesNotContain("123456782", issue.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ACodeThatPassesTheElevenTestIsNoLeak()
        => Assert.Empty(LeakGuard.Look(Encoding.UTF8.GetBytes("""{"resourceType":"Observation","code":{"coding":[{"system":"http://snomed.info/sct","code":"123456782"}]}}"""), []));

    [Fact]
    public void TheHospitalsOwnWordForThePatientIsALeak()
        => Assert.Single(LeakGuard.Look(Encoding.UTF8.GetBytes("""{"resourceType":"Observation","note":[{"text":"of Patient/4711 again"}]}"""), ["Patient/4711"]));
}
