using AtcFhir.R4.Outcomes;
using AtcFhir.Sync.Border;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Keys;
using AtcFhir.Sync.Ledger;

namespace AtcFhir.Sync.Enrolment;

/// <summary>
/// Enrols from a Group that the hospital keeps: a member's period starts with consent; a member marked inactive has withdrawn. A member who
/// is simply not listed any more changes nothing: absence is not a withdrawal.
/// </summary>
internal sealed class GroupFeed(PassContext pass, Enroller enroller)
{
    public async Task<HospitalFault?> RunAsync(CancellationToken cancel)
    {
        var options = pass.Client.Options;
        if (string.IsNullOrEmpty(options.EnrolmentGroup))
        {
            return null;
        }

        var id = options.EnrolmentGroup[(options.EnrolmentGroup.LastIndexOf('/') + 1)..];
        var reply = await pass.Client.ReadAsync("Group", id, cancel).ConfigureAwait(false);
        if (reply is not { IsSuccess: true, Body: { ResourceType: "Group" } group })
        {
            return reply.Fault ?? new(HospitalFaultKind.NotUsable, $"read of the enrolment Group: answered {reply.Status}");
        }

        var index = 0;
        foreach (var member in group.Root.ChildrenOf("member"))
        {
            index++;
            if (HospitalReference.Parse(member.Child("entity").Child("reference").Text, options.BaseUrl, options.AllowedHosts) is not { Type: "Patient" } patient)
            {
                pass.Tally.Fault("enrolment Group", $"member {index} is not a reference to a Patient of this hospital");
                continue;
            }

            var surrogate = pass.Keys.Find(new HospitalKey(pass.Hospital, "Patient", patient.Id));
            var known = surrogate is null ? null : await pass.Store.EnrolmentAsync(surrogate, cancel).ConfigureAwait(false);
            var fault = member.Child("inactive").TextEquals("true"u8)
                ? await EndAsync(known, cancel).ConfigureAwait(false)
                : known is null ? await EnrolAsync(patient, member.Child("period").Child("start").Text, index, cancel).ConfigureAwait(false) : null;
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    private async Task<HospitalFault?> EnrolAsync(HospitalReference patient, string? consent, int index, CancellationToken cancel)
    {
        if (DataDate.Read(consent) is not { } given)
        {
            pass.Tally.Fault("enrolment Group", $"member {index} has no period.start, the day of consent");
            return null;
        }

        var request = new EnrolmentRequest(pass.Client.Options.EnrolmentStudy, patient.ToString(), DateOnly.FromDateTime(given.From.UtcDateTime), Hospital: pass.Hospital);
        var enrolled = await enroller.EnrollAsync(request, "sync:" + pass.Hospital, cancel).ConfigureAwait(false);
        if (enrolled.TryGet(out _, out var failure))
        {
            pass.Tally.Enrolled++;
            return null;
        }

        if (failure.Kind == FailureKind.Busy)
        {
            return new(HospitalFaultKind.Busy, failure.Issues[0].Text);
        }

        pass.Tally.Fault("enrolment Group", $"member {index} was not enrolled: {failure.Issues[0].Text}");
        return null;
    }

    private async Task<HospitalFault?> EndAsync(EnrolmentRow? known, CancellationToken cancel)
    {
        if (known is { State: EnrolmentState.Active })
        {
            var ended = await enroller.EndAsync(known.PatientId, EnrolmentState.Withdrawn, "sync:" + pass.Hospital, cancel).ConfigureAwait(false);
            return ended.Succeeded ? null : PassContext.FaultOf(ended.Failure!);
        }

        return null;
    }
}
