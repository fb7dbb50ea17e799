using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Sync.Border;

/// <summary>One FHIR interaction of an EHR at the base <c>/ehr</c>.</summary>
/// <param name="Method">POST or PUT; anything else is answered with 405.</param>
/// <param name="Type">Resource type of the path; empty for a batch or transaction at the base.</param>
/// <param name="Id">Id of the path, of an update: the hospital's own id of the resource.</param>
/// <param name="Body">What was sent, as parsed (from JSON or XML).</param>
/// <param name="TrialBase">Where the trial's FHIR base is, for Location: <c>https://atcfhir.example/fhir</c>.</param>
/// <param name="Actor">Who sends, for the audit row.</param>
/// <param name="RequestId">Correlates answer, log and audit row.</param>
/// <param name="Hospital">Name of the hospital that sends.</param>
public sealed record IntakeRequest(
    string Method,
    string Type,
    string? Id,
    ResourceDocument Body,
    string TrialBase,
    string Actor,
    string RequestId,
    string Hospital = AtcFhir.Sync.Hospital.HospitalOptions.DefaultName);

/// <summary>The answer: status, headers and a resource (an OperationOutcome, or the response Bundle of a batch or transaction), as JSON.</summary>
public sealed record IntakeAnswer(int Status, byte[] Body, string? Location = null, string? ETag = null);

/// <summary>
/// The door for EHRs that send by themselves: create, update, batch and transaction of hospital-shaped resources, the patient named by
/// the hospital's reference or identifier. What comes in takes the same way as what is pulled. It answers no reads.
/// </summary>
public sealed class Intake
{
    internal Intake() { }

    public Task<IntakeAnswer> HandleAsync(IntakeRequest request, CancellationToken cancel) => throw new NotImplementedException();
}
