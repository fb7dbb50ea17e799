using AtcFhir.R4.Documents;
using AtcFhir.R4.Values;
using AtcFhir.Sync.Enrolment;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Tests.Sync;

internal static class AdverseEvents
{
    public static ResourceDocument Pneumonia(string id, EnrolledSubject subject, int grade = 3, string outcome = "resolved") => ResourceDocument.Parse(new TrialAdverseEvent(
        new RecordHead(id, subject.PatientId, "atc-anakinra1"),
        "Pneumonia",
        FhirDateTime.Parse("2019-02-11")!.Value,
        grade,
        true,
        ["C83052"],
        outcome,
        "C53258",
        "Medication/kineret",
        ResearchSubjectId: subject.SubjectId).ToFhir()).Value;
}
