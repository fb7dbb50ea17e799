using System.Text;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Fhir;

namespace AtcFhir.Server.Bulk;

/// <summary>
/// $export of everything, of all patients and of a group, $import, and how a client follows a job: status, cancel, files.
/// <see href="https://hl7.org/fhir/uv/bulkdata/STU2/export.html"/>
/// </summary>
internal static class BulkRoutes
{
    private const string Ndjson = "application/fhir+ndjson";

    public static IReadOnlyList<FhirRoute> Table(Func<BulkJobs> jobs) =>
    [
        .. Export(jobs, "$export", _ => ""),
        .. Export(jobs, "Patient/$export", _ => "Patient"),
        .. Export(jobs, "Group/{id}/$export", request => "Group/" + request.Id),
        new("POST", "$import", "$import", (endpoint, access, request, cancel) => ImportKickOff.Run(jobs(), endpoint, access, request, cancel)) { TakesStream = true, AnswersOtherwise = true },
        new("GET", "$job/{id}", "job-status", (endpoint, access, request, _) => ValueTask.FromResult(Status(jobs(), endpoint, access, request))) { AnswersOtherwise = true },
        new("DELETE", "$job/{id}", "job-cancel", (_, access, request, _) => ValueTask.FromResult(Cancel(jobs(), access, request))),
        new("GET", "$job/{id}/{vid}", "job-file", (_, access, request, _) => ValueTask.FromResult(File(jobs(), access, request))) { AnswersOtherwise = true },
    ];

    private static FhirRoute[] Export(Func<BulkJobs> jobs, string pattern, Func<FhirRequest, string> scope)
    {
        FhirHandler handler = (endpoint, access, request, cancel) => ExportKickOff.Run(jobs(), endpoint, access, request, scope(request), cancel);
        return [new("GET", pattern, "$export", handler) { AnswersOtherwise = true, BeginsWork = true }, new("POST", pattern, "$export", handler) { AnswersOtherwise = true }];
    }

    /// <summary>202, and where to ask for the job.</summary>
    public static FhirResponse Accepted(BulkJob job) => new(StatusCodes.Status202Accepted) { Headers = [new("Content-Location", $"{job.BaseUrl}/$job/{job.Id}")] };

    /// <summary>The manifest of a job that is done; 202 before that, 500 when it failed, what a request was answered when it was refused.</summary>
    public static FhirResponse Status(FhirEndpoint endpoint, BulkJob job) => job.State switch
    {
        JobState.Waiting => new FhirResponse(StatusCodes.Status202Accepted) { Headers = [new("X-Progress", Progress(job)), new("Retry-After", "2")] },
        JobState.Failed when job.Refusal is { } refusal => new FhirResponse(refusal.Status) { Body = Encoding.UTF8.GetBytes(refusal.Outcome) },
        JobState.Failed => Outcomes.Of(StatusCodes.Status500InternalServerError, [Issue.Error(IssueCode.Exception, job.Failure ?? "The job failed.")]),
        _ => new FhirResponse(StatusCodes.Status200OK)
        {
            Body = BulkManifest.Of(job, endpoint.Access.NeedsToken),
            ContentType = "application/json",
            Headers = [new("Expires", job.Expires!.Value.ToString("R", CultureInfo.InvariantCulture))],
        },
    };

    private static FhirResponse Status(BulkJobs jobs, FhirEndpoint endpoint, Access access, FhirRequest request)
        => jobs.Find(request.Id, access.Actor) is { } job ? Status(endpoint, job) : Unknown();

    private static FhirResponse Cancel(BulkJobs jobs, Access access, FhirRequest request)
    {
        if (jobs.Find(request.Id, access.Actor) is null)
        {
            return Unknown();
        }

        jobs.Cancel(request.Id);
        return new FhirResponse(StatusCodes.Status202Accepted);
    }

    private static FhirResponse File(BulkJobs jobs, Access access, FhirRequest request)
        => jobs.Find(request.Id, access.Actor) is { State: JobState.Done } job && jobs.Folder.Find(job, request.Route.VersionId!) is { } path
            ? new FhirResponse(StatusCodes.Status200OK) { File = path, ContentType = Ndjson }
            : Unknown();

    private static string Progress(BulkJob job) => job.Export is { } order
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Min(order.TypeIndex, order.Types.Count)} of {order.Types.Count} types, {job.Count} resources")
        : job.Kind == JobKind.Request ? "in progress" : string.Create(CultureInfo.InvariantCulture, $"{job.Count} resources");

    private static FhirResponse Unknown() => Outcomes.Of(FailureKind.NotFound, IssueCode.NotFound, "There is no such job here, or its files are gone.");
}
