using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.R4.Values;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Tests.Trial.Concepts;

/// <summary>One full record of each concept, with both directions of its mapping.</summary>
internal sealed record Sample(string Concept, object Record, byte[] Json, Func<ResourceDocument, object> Read, Func<ResourceDocument, byte[]> ReadAndWrite)
{
    private static readonly BusinessIdentifier Identifier = new("urn:atcfhir:test", "11111111-2222-3333-4444-555555555555");

    private static readonly RecordHead Head = new("r1", "p1", "atc-anakinra1", Identifier);

    public static IReadOnlyList<Sample> All { get; } =
    [
        Of("trial-study", new TrialStudy(
            "s1", "A study", "STUDY", "To find out.", "ToetsingOnline", "closed-to-accrual", StudyTerm.Words("Interventional"), new([new("http://terminology.hl7.org/CodeSystem/research-study-prim-purp-type", "treatment", "Treatment")], "Treatment"),
            "**Background**\n\nSomething.", Day("2018-10-16"), "Organization/o1", null, 10)
        {
            Numbers = [new("omon", "NL-OMON1", null, "ToetsingOnline"), new("eudract", "2017-003028-59"), new("ictrp", "EUCTR2017-003028-59-NL", "WHO ICTRP"), new("other", "NL-OMON2", "Other registration in this register")],
            Progress = [new("approved", "Approved WMO", true, Day("2018-03-06")), new("overall-study", "Start date (anticipated)", false, Day("2018-10-16"))],
            Registrations = [new("registration-posting", Day("2018-03-06"))],
            Designs = [new([new("http://hl7.org/fhir/study-design", "SEVCO:01001", "Interventional research")], "Interventional"), StudyTerm.Words("Masking: Open")],
            Focus = [new([new("http://www.whocc.no/atc", "L04AC03", "anakinra")], "Anakinra (Kineret)")],
            Conditions = [StudyTerm.Words("Thyroid gland disorders")],
            Keywords = [StudyTerm.Words("IL-1Ra")],
            Locations = [new([new("urn:iso:std:iso:3166", "NL", "Netherlands")], "Netherlands")],
            Parties = [new("sponsor", "Primary sponsor", "Organization/o1")],
            Contacts = ["Public: Hospital"],
            Outcomes = [new("Overall survival", "primary", "Time until death.")],
            Objectives = [new("Overall survival", "primary", "To find out.")],
            Arms = [new("Anakinra", "600 mg/d i.v.")],
            Criteria = ["Group/g1"],
            Sites = ["Location/l1"],
            Protocols = ["PlanDefinition/p1"],
            Notes = ["Registered in the Netherlands."],
        }, study => study.ToFhir(), TrialStudy.FromFhir),
        Of("trial-subject", new TrialSubject(Head, "001", "on-study-intervention", Day("2018-11-05"), null, "Anakinra", "Anakinra", "c1"), subject => subject.ToFhir(), TrialSubject.FromFhir),
        Of("pseudonymous-patient", new PseudonymousPatient("p1", "001", "female", Day("1951"), true, Day("2019-03-02")), patient => patient.ToFhir(), PseudonymousPatient.FromFhir),
        Of("anaplastic-thyroid-carcinoma", new AnaplasticThyroidCarcinoma(
            Head with { StudyId = null }, "active", "confirmed", [new("http://hl7.org/fhir/sid/icd-10", "C73"), new("http://snomed.info/sct", "94098005")], true,
            [new("http://snomed.info/sct", "69748006")], EventTime.At(Day("2018-10")), null, Day("2018-10-25")), condition => condition.ToFhir(), AnaplasticThyroidCarcinoma.FromFhir),
        Of("trial-consent", new TrialConsent(Head, "inactive", Day("2018-11-01"), Day("2018-11-01"), Day("2019-01-14")), consent => consent.ToFhir(), TrialConsent.FromFhir),
        Of("anakinra-administration", new AnakinraAdministration(
            Head, "completed", [], EventTime.Between(Day("2018-11-05T10:00:00+01:00"), Day("2018-11-05T22:00:00+01:00")), new("http://snomed.info/sct", "47625008", "Intravenous route"),
            Number("600"), "MedicationAdministration/s1"), dose => dose.ToFhir(), AnakinraAdministration.FromFhir),
        Of("ecog-performance-status", new EcogPerformanceStatus(Head, "amended", EventTime.At(Day("2018-11-19T10:30:00+01:00")), 2, null, "exam", "Observation/s1"), status => status.ToFhir(), EcogPerformanceStatus.FromFhir),
        Of("hrqol-response", new HrqolResponse(Head, "https://example.org/atcfhir/Questionnaire/atc-hrqol|0.1.0", "completed", Day("2018-11-19T20:10:00+01:00"),
        [
            new("neck", [], [new("neck-pain", [new HrqolAnswer(new("https://example.org/atcfhir/CodeSystem/hrqol-answer", "some"))], [])]),
            new("whole", [new HrqolAnswer(Number: Number("6"), IsInteger: true)], []),
        ]), response => response.ToFhir(), HrqolResponse.FromFhir),
        Of("hrqol-score", new HrqolScore(
            Head, "final", new("https://example.org/atcfhir/CodeSystem/hrqol-scale", "neck-symptoms", "Neck symptoms"), Day("2018-11-19T20:10:00+01:00"), Number("44.44"), Number("2.333"), 3, 4,
            "https://example.org/atcfhir/Library/atc-hrqol-scoring|0.1.0", "QuestionnaireResponse/q1"), score => score.ToFhir(), HrqolScore.FromFhir),
        Of("trial-adverse-event", new TrialAdverseEvent(
            Head, "Pneumonia", Day("2019-02-25"), 5, true, ["C48275"], "fatal", "C53258", "Medication/kineret", false, Day("2019-03-02"), Day("2019-03-02"), new("https://www.meddra.org", "10035664"), "26.1", "rs1",
            "Anakinra was stopped and antibiotics were given", true), happened => happened.ToFhir(), TrialAdverseEvent.FromFhir),
        Of("c-reactive-protein", new LaboratoryResult(
            Head, "final", new("http://loinc.org", "30522-7", "C reactive protein [Mass/volume] in Serum or Plasma by High sensitivity method"), EventTime.At(Day("2018-11-12T08:05:00+01:00")),
            new Measured(Number("1.0"), "mg/L", "<"), null, Number("0"), Number("5.0")), CReactiveProtein.ToFhir, CReactiveProtein.FromFhir),
        Of("neutrophil-count", new LaboratoryResult(
            Head, "corrected", new("http://loinc.org", "751-8", "Neutrophils [#/volume] in Blood by Automated count"), EventTime.At(Day("2018-11-05")), null, new("http://terminology.hl7.org/CodeSystem/data-absent-reason", "error"),
            DerivedFrom: "Observation/s1"), NeutrophilCount.ToFhir, NeutrophilCount.FromFhir),
    ];

    public override string ToString() => Concept;

    private static Sample Of<T>(string concept, T record, Func<T, byte[]> write, Func<ResourceDocument, Result<T>> read)
        where T : notnull
        => new(concept, record, write(record), document => read(document).Value, document => write(read(document).Value));

    private static FhirDateTime Day(string text) => FhirDateTime.Parse(text)!.Value;

    private static FhirDecimal Number(string text) => FhirDecimal.Parse(text)!.Value;
}
