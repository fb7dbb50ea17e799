using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using static AtcFhir.Tests.Validation.Profiles.ProfileFixture;

namespace AtcFhir.Tests.Validation.Terminology;

/// <summary>The display of a coding is one of the words that its code system has, in any of its languages.</summary>
public class DisplayTests
{
    [Theory]
    [InlineData("Male", true)]
    [InlineData("männlich", true)]
    [InlineData("Man", true)]
    [InlineData("Female", false)]
    public void OfASystemOfR4(string display, bool isOne)
        => Assert.Equal(isOne, !new Validator(ConformanceSource.Official)
            .Validate(Read($$$"""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0001","code":"M","display":"{{{display}}}"}]}}"""))
            .Issues.Any(issue => issue.Rule == "ATC-V046"));
}
