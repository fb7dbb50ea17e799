using System.Text.Json.Nodes;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Values;
using AtcFhir.Tests.Profiles;
using AtcFhir.Trial.Concepts;
using AtcFhir.Trial.Study;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Terminology;
using AtcFhir.Validation.Terminology.Operations;

namespace AtcFhir.Tests.Trial.Concepts;

/// <summary>What the concept maps of the package say is what the mapping at the border does.</summary>
public class ConceptMapsTests
{
    private const string Loinc = "http://loinc.org";
    private const string Ncit = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl";
    private const string Seriousness = "http://terminology.hl7.org/CodeSystem/adverse-event-seriousness";

    private static readonly TerminologyOperations Terminology = new(new Validator(ConformanceSource.Official.With(StudyPackage.Embedded.Package)), TimeProvider.System);

    public static TheoryData<string, string> EcogAnswers => Pairs("ecog-answers-to-grades");

    public static TheoryData<string, string> Outcomes => Pairs("adverse-event-outcome-to-nci");

    public static TheoryData<string, string> SpellingsOfSeriousness => Pairs("adverse-event-seriousness-of-r4");

    public static TheoryData<string, string> Severities => Pairs("adverse-event-grade-to-severity");

    [Theory]
    [MemberData(nameof(EcogAnswers))]
    public void AnAnswerBecomesItsGrade(string answer, string grade)
    {
        var taken = Hospital.Takes(Ecog("89262-0", $$"""{"coding":[{"system":"http://loinc.org","code":"{{answer}}"}]}"""));

        Assert.Equal(grade, taken.Trial().Child("value").Text);
    }

    [Fact]
    public void EveryGradeHasItsAnswer() => Assert.Equal(["0", "1", "2", "3", "4", "5"], EcogAnswers.Select(row => row.Data.Item2));

    [Fact]
    public void TheOlderCodeOfHospitalsBecomesThatOfTheTrial()
    {
        var match = Assert.Single(Translate("ecog-codes-to-grade", Loinc, "89262-0").Matches);
        var taken = Hospital.Takes(Ecog("89262-0", """{"coding":[{"system":"http://loinc.org","code":"LA9622-7"}]}"""));

        Assert.Equal(match.Coding!.Code, taken.Trial().Child("code").Child("coding").Child("code").Text);
        Assert.Equal([match.Coding.Code], EcogPerformanceStatus.Concept.Codes.Select(code => code.Code));
        Assert.Equal(["89262-0"], EcogPerformanceStatus.Concept.AlsoFromHospital.Select(code => code.Code));
    }

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void AnOutcomeCarriesBothCodes(string outcome, string ncit)
    {
        var written = AdverseEvent(outcome: outcome, grade: outcome == "fatal" ? 5 : 3).Root.Child("outcome").ChildrenOf("coding").ToList();

        Assert.Equal([outcome, ncit], written.Select(coding => coding.Child("code").Text));
        Assert.Equal(outcome, Translate("adverse-event-outcome-to-nci", Ncit, ncit, reverse: true).Matches.Single().Coding!.Code);
    }

    [Fact]
    public void AnUnknownOutcomeHasNoCounterpart()
    {
        Assert.Equal(["unknown"], AdverseEvent(outcome: "unknown", grade: 3).Root.Child("outcome").ChildrenOf("coding").ToList().Select(coding => coding.Child("code").Text));
        Assert.False(Translate("adverse-event-outcome-to-nci", "http://terminology.hl7.org/CodeSystem/adverse-event-outcome", "unknown").Result);
    }

    [Theory]
    [MemberData(nameof(SpellingsOfSeriousness))]
    public void TheOlderSpellingBecomesTheNewer(string r4, string newer)
    {
        var taken = Hospital.Takes($$"""
            {"resourceType":"AdverseEvent","actuality":"actual","event":{"coding":[{"system":"https://www.meddra.org","version":"26.1","code":"10035664"}]},"subject":{"reference":"Patient/1"},"date":"2019-01-02",
             "seriousness":{"coding":[{"system":"{{Seriousness}}","code":"{{r4}}"}]},"outcome":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/adverse-event-outcome","code":"resolved"}]},
             "extension":[{"url":"http://hl7.org/fhir/uv/ae-research-backport-ig/StructureDefinition/ae-grade","valueCodeableConcept":{"coding":[{"system":"{{Ncit}}","code":"C41339"}]} }]}
            """);

        Assert.Equal(newer, taken.Trial().Child("seriousness").Child("coding").Child("code").Text);
    }

    [Theory]
    [MemberData(nameof(Severities))]
    public void SeverityFollowsFromTheGrade(string grade, string severity)
    {
        string[] grades = ["C41338", "C41339", "C41340", "C41337", "C48275"];
        var written = AdverseEvent(outcome: grade == "C48275" ? "fatal" : "resolved", grade: Array.IndexOf(grades, grade) + 1).Root;

        Assert.Equal(grade, written.Child("extension").Child("value").Child("coding").Child("code").Text);
        Assert.Equal(severity, written.Child("severity").Child("coding").Child("code").Text);
    }

    [Fact]
    public void EveryGradeHasASeverity() => Assert.Equal(5, Severities.Count);

    [Fact]
    public void AnakinraIsNamedByItsAtcCode()
    {
        var match = Assert.Single(Translate("anakinra-to-atc", "http://snomed.info/sct", "385549000").Matches);
        var taken = Hospital.Takes("""
            {"resourceType":"MedicationAdministration","status":"completed","medicationCodeableConcept":{"coding":[{"system":"http://snomed.info/sct","code":"385549000"}]},"subject":{"reference":"Patient/1"},
             "effectiveDateTime":"2018-11-20","dosage":{"route":{"coding":[{"system":"http://snomed.info/sct","code":"34206005"}]},"dose":{"value":100,"system":"http://unitsofmeasure.org","code":"mg"}}}
            """);

        var written = taken.Trial().Child("medication").Child("coding");
        Assert.Equal((match.Coding!.System, match.Coding.Code), (written.Child("system").Text, written.Child("code").Text));
    }

    [Fact]
    public void EveryMapOfThePackageIsTestedHere()
        => Assert.Equal(
            ["adverse-event-grade-to-severity", "adverse-event-outcome-to-nci", "adverse-event-seriousness-of-r4", "anakinra-to-atc", "ecog-answers-to-grades", "ecog-codes-to-grade"],
            ProfilePackage.OfType("ConceptMap").Select(map => ProfilePackage.Text(map, "id")).Order(StringComparer.Ordinal));

    private static TheoryData<string, string> Pairs(string map)
    {
        var pairs = new TheoryData<string, string>();
        foreach (var element in ProfilePackage.Resource($"ConceptMap-{map}.json")["group"]!.AsArray().SelectMany(group => group!["element"]!.AsArray()))
        {
            foreach (JsonNode? target in element!["target"]!.AsArray())
            {
                pairs.Add((string)element["code"]!, (string)target!["code"]!);
            }
        }

        return pairs;
    }

    private static TranslateAnswer Translate(string map, string system, string code, bool reverse = false)
        => Terminology.Translate(new DefinitionChoice(ConceptCatalog.Canonical + "ConceptMap/" + map), new TranslateRequest([new ConceptCoding(system, null, code)], Reverse: reverse)).Value;

    private static string Ecog(string code, string value)
        => $$"""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"{{code}}"}]},"subject":{"reference":"Patient/1"},"effectiveDateTime":"2018-11-19","valueCodeableConcept":{{value}}}""";

    private static ResourceDocument AdverseEvent(string outcome, int grade) => ResourceDocument.Parse(new TrialAdverseEvent(
        new RecordHead("r1", "p1", "atc-anakinra1", new BusinessIdentifier("urn:atcfhir:test", "1")), "Pneumonia", FhirDateTime.Parse("2019-02-25")!.Value, grade, false, [], outcome).ToFhir()).Value;
}
