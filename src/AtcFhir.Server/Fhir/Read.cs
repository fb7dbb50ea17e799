using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Store;

namespace AtcFhir.Server.Fhir;

/// <summary>FHIR read interaction. <see href="https://hl7.org/fhir/R4/http.html#read"/></summary>
internal static class Read
{
    public static async ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Read, request.Type) is { } refused)
        {
            return Outcomes.Of(refused);
        }

        if (RefuseCount(request) is { } nothingToCount)
        {
            return Outcomes.Of(nothingToCount);
        }

        var stored = await endpoint.Store.Read(request.Type, request.Id, cancel);
        return Answer(request, stored);
    }

    /// <summary>_summary=count is for searches only. <see href="https://hl7.org/fhir/R4/search.html#summary"/></summary>
    public static Failure? RefuseCount(FhirRequest request) => request.Presentation.Summary == Summary.Count
        ? new Failure(FailureKind.Malformed, IssueCode.NotSupported, "_summary=count: one resource is read here, and only the matches of a search are counted.")
        : null;

    /// <summary>404, 410, 304 or the version itself; the same for read and vread.</summary>
    public static FhirResponse Answer(FhirRequest request, StoredResource? stored)
    {
        if (stored is null)
        {
            return Outcomes.Of(FailureKind.NotFound, IssueCode.NotFound, $"{request.Type}/{request.Id} is not known.");
        }

        if (stored.IsDeleted)
        {
            return Outcomes.Of(FailureKind.Deleted, IssueCode.Deleted, $"{request.Type}/{request.Id} was deleted.") with { VersionId = stored.VersionId };
        }

        return new FhirResponse(Preconditions.IsKnown(request, stored.VersionId, stored.LastUpdated) ? StatusCodes.Status304NotModified : StatusCodes.Status200OK)
        {
            Body = stored.Body,
            VersionId = stored.VersionId,
            LastModified = stored.LastUpdated,
            IsResource = true,
        };
    }
}
