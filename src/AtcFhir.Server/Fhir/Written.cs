using AtcFhir.R4.Outcomes;
using AtcFhir.Store;

namespace AtcFhir.Server.Fhir;

/// <summary>What the store says about one write, as the answer to the client.</summary>
internal static class Written
{
    /// <summary>Commits a batch of one write and answers for it.</summary>
    public static async ValueTask<FhirResponse> Commit(
        FhirEndpoint endpoint, FhirRequest request, ResourceWrite write, AuditEntry audit, IReadOnlyList<Issue> issues, CancellationToken cancel)
    {
        var committed = await endpoint.Store.Commit(WriteBatch.Of(audit, write), cancel);
        return committed.Failure is { } failure ? Outcomes.Of(failure) : Answer(request, committed.Writes[0], issues);
    }

    /// <summary>Status, ETag, Last-Modified, Location, and the body that Prefer asks for.</summary>
    public static FhirResponse Answer(FhirRequest request, WriteResult write, IReadOnlyList<Issue> issues)
    {
        var status = write.Outcome == WriteOutcome.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        if (write.Resource is not { IsDeleted: false } stored)
        {
            return Deleted(request, write);
        }

        var answer = new FhirResponse(status)
        {
            VersionId = stored.VersionId,
            LastModified = stored.LastUpdated,
            Location = $"{request.BaseUrl}/{stored.Type}/{stored.Id}/_history/{stored.VersionId}",
            Issues = issues,
        };
        return request.Prefer.Return switch
        {
            Return.Minimal => answer,
            Return.OperationOutcome => answer with { Body = OperationOutcomeJson.ToUtf8(issues), IsOutcome = true },
            _ => answer with { Body = stored.Body, IsResource = true },
        };
    }

    private static FhirResponse Deleted(FhirRequest request, WriteResult write)
    {
        if (request.Prefer.Return != Return.OperationOutcome)
        {
            return new FhirResponse(StatusCodes.Status204NoContent) { VersionId = write.Resource?.VersionId };
        }

        var text = write.Outcome == WriteOutcome.Deleted ? $"{write.Type}/{write.Id} was deleted." : "There was nothing to delete.";
        return Outcomes.Report([new Issue(IssueSeverity.Information, IssueCode.Informational, text)]) with { IsOutcome = true };
    }
}
