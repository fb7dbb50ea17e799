using AtcFhir.R4.Outcomes;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using static AtcFhir.Tests.Validation.Profiles.ProfileFixture;

namespace AtcFhir.Tests.Validation.Instance;

/// <summary>Recommendations of the standard, at the level asked for.</summary>
public class BestPracticeTests
{
    private static readonly Validator Official = new(ConformanceSource.Official);

    private static IEnumerable<(string? Rule, IssueSeverity Severity)> Practices(string json, BestPractice level)
        => Official.Validate(Read(json), new ValidateRequest(BestPractice: level)).Issues.Where(issue => issue.Rule!.StartsWith("ATC-V14", StringComparison.Ordinal)).Select(issue => (issue.Rule, issue.Severity));

    [Theory]
    [InlineData(BestPractice.Information, IssueSeverity.Information)]
    [InlineData(BestPractice.Warning, IssueSeverity.Warning)]
    [InlineData(BestPractice.Error, IssueSeverity.Error)]
    public void AnObservationShouldHaveNarrativeSubjectPerformerAndTime(BestPractice level, IssueSeverity severity)
        => Assert.Equal([("ATC-V140", severity), ("ATC-V141", severity), ("ATC-V142", severity), ("ATC-V143", severity)], Practices(Observation(), level));

    [Fact]
    public void NothingIsSaidWhenTheyAreOff() => Assert.Empty(Practices(Observation(), BestPractice.Off));

    [Fact]
    public void WhatIsThereIsNotAskedFor()
        => Assert.Empty(Practices(
            Observation("\"text\":{\"status\":\"generated\",\"div\":\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">x</div>\"},\"subject\":{\"display\":\"x\"},\"performer\":[{\"display\":\"x\"}],\"effectiveDateTime\":\"2020\""),
            BestPractice.Error));

    [Fact]
    public void ContainedResourcesNeedNoNarrative()
        => Assert.DoesNotContain(
            Official.Validate(Read("""{"resourceType":"Patient","managingOrganization":{"reference":"#o"},"contained":[{"resourceType":"Organization","id":"o","name":"x"}]}"""), new ValidateRequest(BestPractice: BestPractice.Error)).Issues,
            issue => issue.Rule == "ATC-V140" && issue.Expression != "Patient");
}
