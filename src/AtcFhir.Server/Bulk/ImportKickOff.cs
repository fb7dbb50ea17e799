using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Fhir;

namespace AtcFhir.Server.Bulk;

/// <summary>
/// The operation $import: resources as NDJSON in the body, of any length. The body is kept first, so that the import goes on after a restart; with
/// <c>Prefer: respond-async</c> the answer comes then, else when everything is imported.
/// </summary>
internal static class ImportKickOff
{
    private static readonly string[] MediaTypes = ["application/fhir+ndjson", "application/ndjson", "application/x-ndjson"];

    public static async ValueTask<FhirResponse> Run(BulkJobs jobs, FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if ((access.Refuse(Permission.Create, "*") ?? access.Refuse(Permission.Update, "*")) is { } refused)
        {
            return Outcomes.Of(refused);
        }

        if (request.ContentType is not { } contentType || !MediaTypes.Contains(MediaType.NameOf(contentType)))
        {
            return Outcomes.Of(FailureKind.UnsupportedMedia, IssueCode.NotSupported, "$import takes resources as application/fhir+ndjson, one a line.");
        }

        var id = endpoint.Store.NewId();
        try
        {
            await using var file = File.Create(jobs.Folder.PathOf(id, JobFolder.InputName));
            await request.Stream!.CopyToAsync(file, cancel);
            file.Flush(flushToDisk: true);
        }
        catch (Exception broken) when (FhirBody.IsUndecodable(broken))
        {
            jobs.Folder.Delete(id);
            return Outcomes.Of(FhirBody.Undecodable);
        }
        catch (IOException full) when (DiskFull.Is(full))
        {
            jobs.Folder.Delete(id);
            return Outcomes.Of(DiskFull.Refusal);
        }
        catch
        {
            jobs.Folder.Delete(id); // half a body is no import
            throw;
        }

        var job = new BulkJob
        {
            Id = id,
            Kind = JobKind.Import,
            Actor = access.Actor,
            RequestId = request.RequestId,
            Request = $"{request.BaseUrl}/$import",
            BaseUrl = request.BaseUrl,
            TransactionTime = endpoint.Time.GetUtcNow(),
            Import = new ImportProgress(0, 0, 0),
        };
        if (jobs.Start(job).Failure is { } busy)
        {
            jobs.Folder.Delete(id);
            return Outcomes.Of(busy);
        }

        if (request.Prefer.Async)
        {
            return BulkRoutes.Accepted(job);
        }

        await jobs.Ended(id, cancel);
        return jobs.Find(id, access.Actor) is { } done ? BulkRoutes.Status(endpoint, done) : Outcomes.Of(FailureKind.NotFound, IssueCode.NotFound, "The import was cancelled.");
    }
}
