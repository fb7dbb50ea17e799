using AtcFhir.R4.Documents;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Tests.Trial.Concepts;

/// <summary>What the concepts with simpler mappings take, leave and refuse.</summary>
public class OtherConceptsTests
{
    [Fact]
    public void OfAPatientSexYearOfBirthAndDeathPass()
    {
        var trial = Hospital.Takes("""{"resourceType":"Patient","id":"123","name":[{"family":"X"}],"gender":"female","birthDate":"1951-07-03","deceasedDateTime":"2019-03-02T04:10:00+01:00"}""").Trial();

        Assert.Equal(("1951", "female", "2019-03-02T04:10:00+01:00", "001", "patient-surrogate"), (
            trial.Child("birthDate").Text, trial.Child("gender").Text, trial.Child("deceased").Text, trial.Child("identifier").Child("value").Text, trial.Child("id").Text));
        Assert.False(trial.Child("name").Exists);
    }

    [Fact]
    public void ADeathWithoutADateIsKeptAsSuch()
        => Assert.Equal("true", Hospital.Takes("""{"resourceType":"Patient","deceasedBoolean":true}""").Trial().Child("deceased").Text);

    [Theory]
    [InlineData("""{"text":"Anaplastisch schildkliercarcinoom","coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"C73"}]}""", true)]
    [InlineData("""{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/icd-o-3","code":"8021/3"}]}""", true)]
    [InlineData("""{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"C73"}]}""", false)]
    [InlineData("""{"text":"papillair, niet anaplastisch","coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"C73"}]}""", false)]
    [InlineData("""{"text":"anaplastisch?","coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"C73"}]}""", false)]
    public void ThatACancerIsAnaplasticIsOnlySaidWhereTheHospitalSaysIt(string code, bool isAnaplastic)
    {
        var trial = Hospital.Takes(
            $$"""{"resourceType":"Condition","verificationStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":"confirmed"}]},"code":{{code}},"subject":{"reference":"Patient/1"} }""").Trial();

        Assert.Equal(isAnaplastic ? "Anaplastic thyroid carcinoma" : null, trial.Child("code").Child("text").Text);
    }

    [Fact]
    public void MedullaryThyroidCarcinomaIsAnotherDiagnosis()
        => Assert.IsType<Mapped.NotInScope>(Hospital.Sends("""{"resourceType":"Condition","code":{"coding":[{"system":"http://snomed.info/sct","code":"255032005"}]},"subject":{"reference":"Patient/1"}}"""));

    [Fact]
    public void ADiagnosisSaysWhetherItIsConfirmed()
        => Assert.Equal(MappingRule.Missing, Assert.Single(Hospital.Refuses("""{"resourceType":"Condition","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"C73"}]},"subject":{"reference":"Patient/1"}}""")).Rule);

    [Fact]
    public void AQuestionnaireOfAnotherStudyIsNotInScope()
        => Assert.IsType<Mapped.NotInScope>(Hospital.Sends("""{"resourceType":"QuestionnaireResponse","questionnaire":"https://hospital.example.org/Questionnaire/x","status":"completed"}"""));

    [Fact]
    public void AQuestionnaireOfTheStudyNeedsItsVersion()
        => Assert.Equal(MappingRule.Questionnaire, Assert.Single(Hospital.Refuses("""{"resourceType":"QuestionnaireResponse","questionnaire":"https://example.org/atcfhir/Questionnaire/atc-hrqol","status":"completed","authored":"2018-11-19"}""")).Rule);

    [Fact]
    public void FreeTextAnswersAndStrangeItemsAreLeftOut()
    {
        var trial = Hospital.Takes("""
            {"resourceType":"QuestionnaireResponse","questionnaire":"https://example.org/atcfhir/Questionnaire/atc-hrqol|0.1.0","status":"completed","authored":"2018-11-19",
             "item":[{"linkId":"whole","text":"X","answer":[{"valueInteger":6}]},{"linkId":"remarks","answer":[{"valueString":"Jan"}]},
                     {"linkId":"neck","item":[{"linkId":"neck-pain","answer":[{"valueString":"a lot"}]}]}]}
            """).Trial();

        Assert.Equal(["whole"], trial.ChildrenOf("item").ToList().Select(item => item.Child("linkId").Text));
        Assert.False(trial.Child("item").Child("text").Exists);
    }

    [Theory]
    [InlineData("Serious", "serious")]
    [InlineData("serious", "serious")]
    [InlineData("Non-serious", "non-serious")]
    public void SeriousnessIsSpelledAsTheTerminologySpellsItNow(string written, string kept)
    {
        var trial = Hospital.Takes(AdverseEvent(written, """{"coding":[{"system":"https://www.meddra.org","version":"26.1","code":"10035664"}],"text":"Pneumonie bij mw. X"}""")).Trial();

        Assert.Equal(kept, trial.Child("seriousness").Child("coding").Child("code").Text);
        Assert.Equal("MedDRA 10035664", trial.Child("event").Child("text").Text);
    }

    [Fact]
    public void AnAdverseEventInFreeTextOnlyIsForAPerson()
        => Assert.Equal(MappingRule.Missing, Assert.Single(Hospital.Refuses(AdverseEvent("serious", """{"text":"Pneumonie"}"""))).Rule);

    [Fact]
    public void ASubjectOfAnotherStudyIsNotInScope()
        => Assert.IsType<Mapped.NotInScope>(Hospital.Sends("""{"resourceType":"ResearchSubject","status":"on-study","study":{"reference":"ResearchStudy/other"},"individual":{"reference":"Patient/1"}}"""));

    [Theory]
    [InlineData("""{"identifier":{"value":"NL62684.091.17"}}""")]
    [InlineData("""{"reference":"ResearchStudy/77"}""")]
    public void ASubjectOfTheTrialIsTakenByNumberOrByReference(string study)
    {
        var hospital = Hospital.Parse($$"""{"resourceType":"ResearchSubject","status":"on-study-intervention","period":{"start":"2018-11-05"},"study":{{study}},"individual":{"reference":"Patient/1"},"assignedArm":"Anakinra","actualArm":"wie weet"}""");

        var taken = Assert.IsType<Mapped.Taken>(ConceptCatalog.FromHospital(hospital, Contexts.Any with { Rewrite = static reference => reference == "ResearchStudy/77" ? "ResearchStudy/atc-anakinra1" : null }));

        Assert.Equal(("Anakinra", null), (taken.Trial().Child("assignedArm").Text, taken.Trial().Child("actualArm").Text));
        Assert.Empty(TrialValidation.Errors(taken.Trial, TrialSubject.Concept.Profile));
    }

    private static string AdverseEvent(string seriousness, string term) => $$"""
        {"resourceType":"AdverseEvent","actuality":"actual","event":{{term}},"subject":{"reference":"Patient/1"},"date":"2019-01-02",
         "extension":[{"url":"http://hl7.org/fhir/uv/ae-research-backport-ig/StructureDefinition/ae-grade","valueCodeableConcept":{"coding":[{"system":"http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl","code":"C41340"}]} }],
         "seriousness":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/adverse-event-seriousness","code":"{{seriousness}}"}]},
         "outcome":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/adverse-event-outcome","code":"ongoing"}]} }
        """;
}
