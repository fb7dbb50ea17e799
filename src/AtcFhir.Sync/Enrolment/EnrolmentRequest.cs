namespace AtcFhir.Sync.Enrolment;

/// <summary>Take a patient into a study.</summary>
/// <param name="Study">"ResearchStudy/atc-anakinra1".</param>
/// <param name="Patient">The patient at the hospital: a reference ("Patient/123"), an identifier ("system|value") or, where the hospital has a patient identifier system, its bare value.</param>
/// <param name="ConsentDate">The day on which consent was given; data of before are taken when the study's consent covers them (the patient's history is baseline).</param>
/// <param name="SubjectNumber">"001"; null gives the next free one.</param>
/// <param name="Hospital">Name of the hospital.</param>
/// <param name="InclusionDate">Official inclusion, the origin of survival; null is the consent date.</param>
public sealed record EnrolmentRequest(
    string Study,
    string Patient,
    DateOnly ConsentDate,
    string? SubjectNumber = null,
    string Hospital = AtcFhir.Sync.Hospital.HospitalOptions.DefaultName,
    DateOnly? InclusionDate = null);

/// <summary>An enrolled patient as the trial knows it; nothing in it leads to the hospital.</summary>
/// <param name="PatientId">Id of the pseudonymous Patient.</param>
/// <param name="SubjectId">Id of the ResearchSubject.</param>
/// <param name="ConsentId">Id of the Consent.</param>
public sealed record EnrolledSubject(
    string Hospital,
    string StudyId,
    string PatientId,
    string SubjectId,
    string ConsentId,
    string SubjectNumber,
    DateOnly ConsentFrom,
    EnrolmentState State,
    DateTimeOffset? Ended);

public enum EnrolmentState
{
    Active,

    /// <summary>The patient withdrew consent: nothing new is read or sent, what was used stays.</summary>
    Withdrawn,

    /// <summary>Taken off the list, for instance enrolled by mistake.</summary>
    Unenrolled,
}
