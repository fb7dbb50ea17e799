using AtcFhir.R4.Outcomes;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using static AtcFhir.Tests.Validation.Profiles.ProfileFixture;

namespace AtcFhir.Tests.Validation;

/// <summary>Findings that are accepted: only with a reason, only where they are meant, and never silently.</summary>
public class SuppressionTests
{
    private const string TwoFaults = """{"resourceType":"Patient","contact":[{"gender":"male"},{"gender":"female"}]}""";

    private static IReadOnlyList<Issue> Validate(string json, params string[] suppressions)
        => new Validator(ConformanceSource.Official).Validate(Read(json), new ValidateRequest(Suppressions: [.. suppressions.Select(text => Suppression.Parse(text).Value)])).Issues;

    [Fact]
    public void WhatIsSuppressedIsListedAsInformationWithItsReason()
    {
        var issues = Validate(TwoFaults, "ATC-V050=contacts are cleaned up in March");
        Assert.Equal(2, issues.Count);
        Assert.All(issues, issue =>
        {
            Assert.Equal(("ATC-V009", IssueSeverity.Information), (issue.Rule, issue.Severity));
            Assert.Contains("ATC-V050 is suppressed here (contacts are cleaned up in March): pat-1", issue.Text, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("ATC-V050@Patient.contact=why", 0)]
    [InlineData("ATC-V050@Patient.contact[1]=why", 1)]
    [InlineData("ATC-V050@Patient=why", 0)]
    [InlineData("ATC-V050@Patient.name=why", 2)]
    [InlineData("ATC-V050:pat-1=why", 0)]
    [InlineData("ATC-V050:dom-3=why", 2)]
    public void APathOrAKeyNarrowsIt(string suppression, int left) => Assert.Equal(left, Validate(TwoFaults, suppression).Count(issue => issue.IsError));

    [Fact]
    public void FaultsOfStructureCanBeSuppressedToo() => Assert.DoesNotContain(Validate("""{"resourceType":"Patient","nickname":"x"}""", "ATC-S010=a known extra"), issue => issue.IsError);

    [Theory]
    [InlineData("ATC-V050")]
    [InlineData("ATC-V050=")]
    [InlineData("ATC-V050= ")]
    [InlineData("ATC-V999=why")]
    public void WithoutAReasonOrARuleThereIsNone(string text) => Assert.False(Suppression.Parse(text).Succeeded);

    [Fact]
    public void NoSliceIsDecidedByASuppression()
    {
        // The reference points to no profile's member whatever is suppressed: suppression is about what is said, not about what holds.
        var patient = Profile("Patient", """{"id":"Patient.active","path":"Patient.active","min":1}""", "http://example.org/StructureDefinition/active");
        var profile = Profile("Observation", """{"id":"Observation.subject","path":"Observation.subject","type":[{"code":"Reference","targetProfile":["http://example.org/StructureDefinition/active"]}]}""");
        var validator = new Validator(ConformanceSource.Official.With(patient, profile));
        var document = Read(Observation("\"contained\":[{\"resourceType\":\"Patient\",\"id\":\"p\"}],\"subject\":{\"reference\":\"#p\"}"));
        var issues = validator.Validate(document, new ValidateRequest([Url], Suppressions: [new Suppression("ATC-V010", "known")])).Issues;
        Assert.Contains(issues, issue => issue.Rule == "ATC-V074");
    }
}
