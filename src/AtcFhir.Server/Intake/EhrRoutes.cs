using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Fhir;
using AtcFhir.Sync.Border;
using AtcFhir.Sync.Hospital;

namespace AtcFhir.Server.Intake;

/// <summary>
/// The door at <c>/ehr</c> through which EHRs push: create, update, batch and transaction of hospital-shaped resources, nothing else. What happens behind it
/// is the border's: see <see cref="AtcFhir.Sync.Border.Intake"/>. Whose data it is follows from who sends, or from the header X-Hospital: see
/// <see cref="HospitalDirectory.OfSender"/>.
/// </summary>
internal static class EhrRoutes
{
    public const string BasePath = "/ehr";

    /// <summary>The intake as an endpoint: limits, types and access of the trial's, with routes of its own.</summary>
    public static FhirEndpoint Endpoint(FhirEndpoint trial, Func<AtcFhir.Sync.Border.Intake> intake, HospitalDirectory hospitals)
        => trial with { BasePath = BasePath, Title = "EHR intake", Routes = Table(intake, hospitals, trial.BasePath) };

    private static IReadOnlyList<FhirRoute> Table(Func<AtcFhir.Sync.Border.Intake> intake, HospitalDirectory hospitals, string trialPath) =>
    [
        new("POST", "{type}", "create", Handler(intake, hospitals, trialPath)),
        new("PUT", "{type}/{id}", "update", Handler(intake, hospitals, trialPath)),
        new("POST", "", "transaction", Handler(intake, hospitals, trialPath)),
    ];

    private static FhirHandler Handler(Func<AtcFhir.Sync.Border.Intake> intake, HospitalDirectory hospitals, string trialPath) => async (endpoint, access, request, cancel) =>
    {
        if (!access.IsEhr)
        {
            return Outcomes.Of(FailureKind.Forbidden, IssueCode.Forbidden, $"The intake is for clients with the role {Access.EhrRole}.");
        }

        if (!hospitals.OfSender(access.Client, request.Hospital).TryGet(out var hospital, out var failure) || !FhirBody.Parse(request, endpoint.Limits).TryGet(out var body, out failure))
        {
            return Outcomes.Of(failure);
        }

        var answer = await intake().HandleAsync(
            new IntakeRequest(
                request.Method,
                request.Route.Type ?? "",
                request.Route.Id,
                body,
                request.BaseUrl[..^endpoint.BasePath.Length] + trialPath,
                access.Actor,
                request.RequestId,
                hospital),
            cancel);
        return new FhirResponse(answer.Status) { Body = answer.Body, Location = answer.Location, VersionId = TagOf(answer.ETag) };
    };

    private static string? TagOf(string? etag) => etag?.Replace("W/", "", StringComparison.Ordinal).Trim('"');
}
