using AtcFhir.R4.Documents;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Tests.Trial.Concepts;

public class EcogPerformanceStatusTests
{
    [Fact]
    public void AnIntegerUnderTheTrialsCodeIsTakenAsItIs()
    {
        var taken = Hospital.Takes(Ecog("89247-1", "\"valueInteger\":3"));

        Assert.Null(taken.Source);
        Assert.Equal("3", taken.Trial().Child("value").Text);
        Assert.Equal("LA9625-0", taken.Trial().Child("interpretation").Child("coding").Child("code").Text);
        Assert.False(taken.Trial().Child("derivedFrom").Exists);
    }

    [Theory]
    [InlineData("89262-0", "\"valueCodeableConcept\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"LA9624-3\"}]}")]
    [InlineData("89247-1", "\"valueCodeableConcept\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"LA9624-3\"}]}")]
    [InlineData("89247-1", "\"valueString\":\"2\"")]
    [InlineData("89247-1", "\"valueQuantity\":{\"value\":2,\"unit\":\"{score}\",\"code\":\"{score}\",\"system\":\"http://unitsofmeasure.org\"}")]
    [InlineData("89262-0", "\"valueInteger\":2")]
    public void AnotherSafeFormIsTransformedAndItsSourceKept(string code, string value)
    {
        var taken = Hospital.Takes(Ecog(code, value));

        Assert.Equal("2", taken.Trial().Child("value").Text);
        Assert.Equal("89247-1", taken.Trial().Child("code").Child("coding").Child("code").Text);
        Assert.Equal("Observation/source-resource", taken.Trial().Child("derivedFrom").Child("reference").Text);
        Assert.Equal(code, taken.Source().Child("code").Child("coding").Child("code").Text);
        Assert.Null(ConceptCatalog.ConceptOf(ResourceDocument.Parse(taken.Source).Value));
    }

    [Theory]
    [InlineData("\"valueInteger\":7")]
    [InlineData("\"valueInteger\":-1")]
    [InlineData("\"valueString\":\"2-3\"")]
    [InlineData("\"valueString\":\"ECOG 2\"")]
    [InlineData("\"valueQuantity\":{\"value\":2.5}")]
    [InlineData("\"valueQuantity\":{\"value\":2,\"comparator\":\"<\"}")]
    [InlineData("\"valueQuantity\":{\"value\":2,\"unit\":\"mg\",\"code\":\"mg\"}")]
    [InlineData("\"valueCodeableConcept\":{\"text\":\"2\"}")]
    [InlineData("\"valueBoolean\":true")]
    public void WhatWouldNeedGuessingIsQuarantined(string value)
    {
        var issue = Assert.Single(Hospital.Refuses(Ecog("89247-1", value)));

        Assert.Equal(MappingRule.ValueForm, issue.Rule);
        Assert.Equal("Observation.value", issue.Expression);
        Assert.StartsWith("ECOG performance status: ", issue.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void AnInterpretationOfAnotherGradeIsAContradiction()
        => Assert.Equal(MappingRule.Contradiction, Assert.Single(Hospital.Refuses(Ecog("89247-1", "\"valueInteger\":1,\"interpretation\":[{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"LA9624-3\"}]}]"))).Rule);

    [Theory]
    [InlineData("preliminary")]
    [InlineData("amended")]
    [InlineData("corrected")]
    [InlineData("entered-in-error")]
    public void TheStatusIsKept(string status)
        => Assert.Equal(status, Hospital.Takes(Ecog("89247-1", "\"valueInteger\":1", status)).Trial().Child("status").Text);

    [Fact]
    public void AReasonForAbsenceIsKept()
        => Assert.Equal("not-asked", Hospital.Takes(Ecog("89247-1", "\"dataAbsentReason\":{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/data-absent-reason\",\"code\":\"not-asked\"}]}"))
            .Trial().Child("dataAbsentReason").Child("coding").Child("code").Text);

    [Fact]
    public void NoGradeAndNoReasonIsQuarantined()
        => Assert.Equal(MappingRule.ValueMissing, Assert.Single(Hospital.Refuses(Ecog("89247-1", "\"issued\":\"2018-11-05T10:00:00Z\""))).Rule);

    [Fact]
    public void AResultTakenBackNeedNotRepeatItsValue()
        => Assert.Equal("entered-in-error", Hospital.Takes(Ecog("89247-1", "\"issued\":\"2018-11-05T10:00:00Z\"", "entered-in-error")).Trial().Child("status").Text);

    [Fact]
    public void ATimeIsNeeded()
        => Assert.Equal(MappingRule.TimeMissing, Assert.Single(Hospital.Refuses("""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"89247-1"}]},"valueInteger":1}""")).Rule);

    [Fact]
    public void AnotherScaleIsNotInScope()
        => Assert.Equal("Observation http://loinc.org|89243-0", Assert.IsType<Mapped.NotInScope>(Hospital.Sends(Ecog("89243-0", "\"valueInteger\":80"))).Counted);

    private static string Ecog(string code, string value, string status = "final")
        => $$"""{"resourceType":"Observation","status":"{{status}}","code":{"coding":[{"system":"http://loinc.org","code":"{{code}}"}]},"subject":{"reference":"Patient/123"},"effectiveDateTime":"2018-11-05",{{value}}}""";
}
