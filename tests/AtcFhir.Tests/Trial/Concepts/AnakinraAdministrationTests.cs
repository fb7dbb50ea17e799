using AtcFhir.Trial.Concepts;

namespace AtcFhir.Tests.Trial.Concepts;

public class AnakinraAdministrationTests
{
    private const string Dosage = """ "dosage":{"route":{"coding":[{"system":"http://snomed.info/sct","code":"34206005"}]},"dose":{"value":100,"system":"http://unitsofmeasure.org","code":"mg"}} """;

    [Theory]
    [InlineData("""{"coding":[{"system":"http://www.whocc.no/atc","code":"L04AC03"}]}""")]
    [InlineData("""{"coding":[{"system":"http://snomed.info/sct","code":"385549000"}]}""")]
    [InlineData("""{"text":"Kineret 100 mg/0,67 ml injvlst wwsp"}""")]
    [InlineData("""{"coding":[{"system":"urn:oid:1.2.3","code":"123","display":"ANAKINRA INJ"}],"text":"anakinra"}""")]
    public void ADoseIsRecognisedByCodeOrNameAndNamedByItsCode(string medication)
    {
        var taken = Hospital.Takes(Given(medication, Dosage));

        Assert.Null(taken.Source);
        Assert.Equal("L04AC03", taken.Trial().Child("medication").Child("coding").Child("code").Text);
        Assert.Equal("100", taken.Trial().Child("dosage").Child("dose").Child("value").Text);
    }

    [Theory]
    [InlineData("""{"text":"placebo voor anakinra"}""")]
    [InlineData("""{"text":"Anakinrabeleid"}""")]
    [InlineData("""{"coding":[{"system":"http://www.whocc.no/atc","code":"L04AC07"}]}""")]
    public void AnotherMedicationIsNotInScope(string medication) => Assert.IsType<Mapped.NotInScope>(Hospital.Sends(Given(medication, Dosage)));

    [Fact]
    public void AContainedMedicationIsLookedInto()
        => Assert.IsType<Mapped.Taken>(Hospital.Sends("""{"resourceType":"MedicationAdministration","contained":[{"resourceType":"Medication","id":"m","code":{"coding":[{"system":"http://www.whocc.no/atc","code":"L04AC03"}]}}],"status":"completed","medicationReference":{"reference":"#m"},"subject":{"reference":"Patient/1"},"effectiveDateTime":"2018-11-20","""
            + Dosage + "}"));

    [Fact]
    public void GramsBecomeMilligramsAndTheSourceIsKept()
    {
        var taken = Hospital.Takes(Given("""{"text":"anakinra"}""", """ "dosage":{"route":{"text":"i.v."},"dose":{"value":0.60,"system":"http://unitsofmeasure.org","code":"g"}} """));

        Assert.Equal("600", taken.Trial().Child("dosage").Child("dose").Child("value").Text);
        Assert.Equal("47625008", taken.Trial().Child("dosage").Child("route").Child("coding").Child("code").Text);
        Assert.Equal("MedicationAdministration/source-resource", taken.Trial().Child("supportingInformation").Child("reference").Text);
        Assert.Equal(("0.60", "g"), (taken.Source().Child("dosage").Child("dose").Child("value").Text, taken.Source().Child("dosage").Child("dose").Child("code").Text));
        Assert.Empty(TrialValidation.Errors(taken.Trial, AnakinraAdministration.Concept.Profile));
    }

    [Fact]
    public void AMissedDoseNeedsNoDosageAndKeepsItsCodedReason()
    {
        var taken = Hospital.Takes(Given("""{"text":"anakinra"}""", """ "statusReason":[{"coding":[{"system":"http://snomed.info/sct","code":"105480006"}],"text":"Mevrouw weigert"}] """, "not-done"));

        Assert.Equal("105480006", taken.Trial().Child("statusReason").Child("coding").Child("code").Text);
        Assert.False(taken.Trial().Child("dosage").Exists);
    }

    [Theory]
    [InlineData(""" "dosage":{"dose":{"value":100,"system":"http://unitsofmeasure.org","code":"mg"}} """, MappingRule.UnknownCode)]
    [InlineData(""" "dosage":{"route":{"text":"s.c."}} """, MappingRule.Missing)]
    [InlineData(""" "dosage":{"route":{"text":"s.c."},"dose":{"value":1,"unit":"ampul"}} """, MappingRule.Unit)]
    public void ADoseThatWasGivenSaysHowMuchAndWhichWay(string dosage, string rule)
        => Assert.Equal(rule, Assert.Single(Hospital.Refuses(Given("""{"text":"anakinra"}""", dosage))).Rule);

    private static string Given(string medication, string rest, string status = "completed")
        => $$"""{"resourceType":"MedicationAdministration","status":"{{status}}","medicationCodeableConcept":{{medication}},"subject":{"reference":"Patient/1"},"effectiveDateTime":"2018-11-20",{{rest}}}""";
}
