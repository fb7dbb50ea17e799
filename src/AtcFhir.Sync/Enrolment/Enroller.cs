using AtcFhir.R4.Outcomes;

namespace AtcFhir.Sync.Enrolment;

/// <summary>The list of the patients who exist for us, and the only way onto it.</summary>
public sealed class Enroller
{
    internal Enroller() { }

    /// <summary>
    /// Creates key, pseudonymous Patient, ResearchSubject and Consent in one transaction and starts the patient's backfill. Conflict when the
    /// patient or the subject number is enrolled already; not found when study or hospital are not known.
    /// </summary>
    public Task<Result<EnrolledSubject>> EnrollAsync(EnrolmentRequest request, string actor, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Stops everything for the patient: nothing is read, taken or sent any more. What was used stays.</summary>
    /// <param name="patientId">Id of the pseudonymous Patient.</param>
    /// <param name="state">Withdrawn or Unenrolled.</param>
    public Task<Result<EnrolledSubject>> EndAsync(string patientId, EnrolmentState state, string actor, CancellationToken cancel) => throw new NotImplementedException();

    public Task<IReadOnlyList<EnrolledSubject>> ListAsync(string? hospital, CancellationToken cancel) => throw new NotImplementedException();
}
