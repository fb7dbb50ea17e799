using AtcFhir.R4.Documents;
using AtcFhir.Store;
using AtcFhir.Sync.Enrolment;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Keys;
using AtcFhir.Trial.Concepts;
using AtcFhir.Trial.Synthetic;

namespace AtcFhir.Server.Sandbox;

/// <summary>
/// The invented trial staff: they report the adverse events of the sandbox hospital's patients on the trial's side, from where the sync takes
/// them to the hospital. An event that is there is left alone, also when somebody has edited it.
/// </summary>
internal sealed class TrialStaff(IResourceStore trial, KeyStore keys, Enroller enroller, SyntheticHospital hospital, SandboxPersona persona)
{
    public async Task ReportAsync(int today, CancellationToken cancel)
    {
        var enrolled = (await enroller.ListAsync(HospitalOptions.DefaultName, cancel)).ToDictionary(subject => subject.PatientId, StringComparer.Ordinal);
        if (enrolled.Count == 0)
        {
            return;
        }

        foreach (var reported in hospital.AdverseEvents(0, today))
        {
            var surrogate = keys.Find(new HospitalKey(HospitalOptions.DefaultName, "Patient", persona.IdOf(reported.HospitalPatientId)));
            if (surrogate is null || keys.PatientOf(surrogate) is not { } patientId || !enrolled.TryGetValue(patientId, out var subject) || subject.State != EnrolmentState.Active)
            {
                continue;
            }

            // The generator's key names the hospital's patient; the trial's does not.
            var name = reported.Key[(reported.HospitalPatientId.Length + 1)..];
            var id = $"ae-{subject.SubjectNumber}-{name}";
            if (await trial.Read("AdverseEvent", id, cancel) is not null)
            {
                continue;
            }

            var head = new RecordHead(id, patientId, subject.StudyId[(subject.StudyId.LastIndexOf('/') + 1)..]);
            var document = ResourceDocument.Parse((reported.Event with { Head = head, ResearchSubjectId = subject.SubjectId }).ToFhir()).Value;
            var audit = new AuditEntry("sandbox staff", "report adverse event", reported.Day.ToString(CultureInfo.InvariantCulture), Patient: patientId);
            await trial.Commit(WriteBatch.Of(audit, ResourceWrite.Update(trial.Prepare(document, id), id) with { IfNoneMatchAny = true }), cancel);
        }
    }
}
