using System.Text;
using AtcFhir.Sync.Border;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Ledger;

namespace AtcFhir.Sync.Pull;

/// <summary>Reads a patient's own record: vital status, and whether the hospital merged it into another one.</summary>
internal sealed class PatientPull(PassContext pass, EnrolmentRow lane)
{
    public async Task<HospitalFault?> RunAsync(CancellationToken cancel)
    {
        if (pass.Keys.Reveal(lane.Surrogate) is not { } key)
        {
            return new(HospitalFaultKind.NotUsable, "the hospital's id of the patient is not known");
        }

        var reply = await pass.Client.ReadAsync("Patient", key.Id, cancel).ConfigureAwait(false);
        if (reply.Fault is not null)
        {
            return reply.Fault;
        }

        if (!reply.IsSuccess || reply.Body is not { } patient)
        {
            // Never a deletion: a patient who cannot be found is a revoked right, a merge, or another server.
            return new(HospitalFaultKind.NotUsable, $"read of Patient: answered {reply.Status}; the patient's data stay, and nothing is read until a person has looked");
        }

        if (patient.ResourceType != "Patient" || (patient.Id is { } id && id != key.Id))
        {
            return new(HospitalFaultKind.Privacy, "read of Patient: the answer is another resource than asked for");
        }

        foreach (var link in patient.Root.ChildrenOf("link"))
        {
            if (link.Child("type").TextEquals("replaced-by"u8))
            {
                const string Why = "the hospital merged this patient's record into another one";
                var mark = pass.Keys.Ring.Fingerprint(Encoding.UTF8.GetBytes(link.Child("other").Child("reference").Text ?? ""));
                if (await pass.CommitAsync([LedgerWrites.Freeze(lane.Surrogate, Why, mark)], cancel).ConfigureAwait(false) is { } fault)
                {
                    return fault;
                }

                if (await pass.Store.EnrolmentAsync(lane.Surrogate, cancel).ConfigureAwait(false) is not { IsOpen: true })
                {
                    return new(HospitalFaultKind.NotUsable, Why + "; nothing is read or sent for the subject until a person has looked");
                }
            }
        }

        foreach (var identifier in patient.Root.ChildrenOf("identifier"))
        {
            if (identifier.Child("value").Text is { Length: > 0 } value)
            {
                pass.Keys.LearnIdentifier(pass.Hospital, identifier.Child("system").Text ?? "", value, lane.Surrogate);
            }
        }

        return await pass.TakeAsync(lane, HospitalStream.Patient.Name, [Envelope.Open(pass.Hospital, patient).Known(key)], cancel).ConfigureAwait(false);
    }
}
