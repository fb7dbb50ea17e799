using System.Text.Json;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Fhir;
using AtcFhir.Sync.Enrolment;
using AtcFhir.Sync.Hospital;

namespace AtcFhir.Server.Enrolment;

/// <summary>
/// The operations by which patients come onto the list of the trial, and leave it: <c>ResearchStudy/{id}/$enroll</c> and <c>ResearchStudy/{id}/$unenroll</c>.
/// </summary>
internal static class EnrolmentRoutes
{
    public static IReadOnlyList<FhirRoute> Table(Func<Enroller> enroller) =>
    [
        new("POST", "ResearchStudy/{id}/$enroll", "$enroll", (endpoint, access, request, cancel) => Enroll(enroller(), endpoint, access, request, cancel)),
        new("POST", "ResearchStudy/{id}/$unenroll", "$unenroll", (endpoint, access, request, cancel) => Unenroll(enroller(), endpoint, access, request, cancel)),
    ];

    /// <summary>
    /// In: <c>patient</c> (reference or identifier at the hospital), <c>consent</c> (date), and perhaps <c>subject</c> (number), <c>inclusion</c> (date),
    /// <c>hospital</c> (name). Out: the Patient, ResearchSubject and Consent that were made.
    /// </summary>
    private static async ValueTask<FhirResponse> Enroll(Enroller enroller, FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Create, "ResearchSubject") is { } refused)
        {
            return Outcomes.Of(refused);
        }

        if (!OperationParameters.Of(request, endpoint.Limits).TryGet(out var parameters, out var failure))
        {
            return Outcomes.Of(failure);
        }

        if (parameters.Text("patient") is not { } patient)
        {
            return Missing("patient: the patient's reference (Patient/123) or identifier (system|value) at the hospital");
        }

        if (!DateOnly.TryParseExact(parameters.Text("consent"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var consent))
        {
            return Missing("consent: the day of consent, YYYY-MM-DD");
        }

        var enrolled = await enroller.EnrollAsync(
            new EnrolmentRequest(
                "ResearchStudy/" + request.Id,
                patient,
                consent,
                parameters.Text("subject"),
                parameters.Text("hospital") ?? HospitalOptions.DefaultName,
                DateOnly.TryParseExact(parameters.Text("inclusion"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var inclusion) ? inclusion : null),
            access.Actor,
            cancel);
        return enrolled.TryGet(out var subject, out var broken) ? Answer(subject, StatusCodes.Status201Created) : Outcomes.Of(broken);
    }

    /// <summary>In: <c>patient</c> (the pseudonymous Patient), and <c>withdrawn</c> = true when the patient withdrew consent.</summary>
    private static async ValueTask<FhirResponse> Unenroll(Enroller enroller, FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Update, "ResearchSubject") is { } refused)
        {
            return Outcomes.Of(refused);
        }

        if (!OperationParameters.Of(request, endpoint.Limits).TryGet(out var parameters, out var failure))
        {
            return Outcomes.Of(failure);
        }

        if (parameters.Text("patient") is not { } patient)
        {
            return Missing("patient: the pseudonymous Patient of the trial");
        }

        var state = parameters.Text("withdrawn") == "true" ? EnrolmentState.Withdrawn : EnrolmentState.Unenrolled;
        var ended = await enroller.EndAsync(patient.Split('/')[^1], state, access.Actor, cancel);
        return ended.TryGet(out var subject, out var broken) ? Answer(subject, StatusCodes.Status200OK) : Outcomes.Of(broken);
    }

    private static FhirResponse Answer(EnrolledSubject subject, int status) => new(status)
    {
        Body = Json.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("resourceType"u8, "Parameters"u8);
            writer.WriteStartArray("parameter"u8);
            Reference(writer, "patient", "Patient/" + subject.PatientId);
            Reference(writer, "researchSubject", "ResearchSubject/" + subject.SubjectId);
            Reference(writer, "consent", "Consent/" + subject.ConsentId);
            Text(writer, "subject", subject.SubjectNumber);
            Text(writer, "state", subject.State.ToString().ToLowerInvariant());
            writer.WriteEndArray();
            writer.WriteEndObject();
        }),
    };

    private static void Reference(Utf8JsonWriter writer, string name, string reference)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, name);
        writer.WriteStartObject("valueReference"u8);
        writer.WriteString("reference"u8, reference);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter writer, string name, string value)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, name);
        writer.WriteString("valueString"u8, value);
        writer.WriteEndObject();
    }

    private static FhirResponse Missing(string what)
        => Outcomes.Of(FailureKind.Malformed, IssueCode.Required, $"The operation needs the parameter {what}.");
}
