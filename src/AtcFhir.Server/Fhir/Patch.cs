using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Store;
using AtcFhir.Validation;

namespace AtcFhir.Server.Fhir;

/// <summary>FHIR patch interaction: JSON Patch, and FHIRPath Patch as a Parameters resource. <see href="https://hl7.org/fhir/R4/http.html#patch"/></summary>
internal static class Patch
{
    public static ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
        => Run(endpoint, access, request, request.Id, cancel);

    /// <summary>Applies the patch to the current version of the resource and writes the result, provided that nobody else wrote in between.</summary>
    public static async ValueTask<FhirResponse> Run(FhirEndpoint endpoint, Access access, FhirRequest request, string id, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Update, request.Type) is { } refused)
        {
            return Outcomes.Of(refused);
        }

        if (!(await Apply(endpoint, request, id, cancel)).TryGet(out var patched, out var failure))
        {
            return Outcomes.Of(failure);
        }

        if (!Incoming.Check(endpoint, patched.Document, request.Type, ValidateMode.Update).TryGet(out var incoming, out var broken))
        {
            return Outcomes.Of(broken with { Kind = FailureKind.Unprocessable });
        }

        var write = ResourceWrite.Update(endpoint.Store.Prepare(incoming.Document, id)) with { IfMatch = [patched.VersionId] };
        return await Written.Commit(endpoint, request, write, Audit.Of(access, request, "patch", incoming.Document), incoming.Issues, cancel);
    }

    /// <summary>The current version with the patch of the body applied; not checked against any rule yet.</summary>
    public static async ValueTask<Result<Patched>> Apply(FhirEndpoint endpoint, FhirRequest request, string? id, CancellationToken cancel)
    {
        if (id is null)
        {
            var target = await ConditionalPatch.Target(endpoint, request, cancel);
            if (!target.TryGet(out id, out var unclear))
            {
                return unclear;
            }
        }

        if (!Preconditions.ExpectedVersion(request).TryGet(out var expected, out var noTag))
        {
            return noTag;
        }

        switch (await endpoint.Store.Read(request.Type, id, cancel))
        {
            case null:
                return new Failure(FailureKind.NotFound, IssueCode.NotFound, $"{request.Type}/{id} is not known.");
            case { IsDeleted: true }:
                return new Failure(FailureKind.Deleted, IssueCode.Deleted, $"{request.Type}/{id} was deleted.");
            case var stored when expected.Id is { } version && version != stored.VersionId:
                return new Failure(FailureKind.Precondition, IssueCode.Conflict, $"{request.Type}/{id} is at version {stored.VersionId}, not {version}.");
            case var stored:
                return PatchOf(request, endpoint.Limits).TryGet(out var patch, out var unreadable) && patch(stored.Body).TryGet(out var json, out unreadable)
                    && ResourceDocument.Parse(json, endpoint.Limits).TryGet(out var document, out unreadable)
                    ? Same(request.Type, id, document) ? new Patched(id, stored.VersionId, document) : Changed
                    : unreadable;
        }
    }

    private static Failure Changed => new(FailureKind.Unprocessable, IssueCode.BusinessRule, "A patch cannot change the type or the id of a resource.");

    private static bool Same(string type, string id, ResourceDocument document) => document.ResourceType == type && document.Id == id;

    private static Result<Func<ReadOnlyMemory<byte>, Result<ReadOnlyMemory<byte>>>> PatchOf(FhirRequest request, DocumentLimits limits)
    {
        if (request.ContentType is { } contentType && MediaType.NameOf(contentType) is MediaType.JsonPatch)
        {
            return JsonPatch.Parse(request.Body).TryGet(out var operations, out var noPatch)
                ? (Func<ReadOnlyMemory<byte>, Result<ReadOnlyMemory<byte>>>)(resource => JsonPatch.Apply(resource, operations))
                : noPatch;
        }

        if (!FhirBody.Parse(request, limits).TryGet(out var parameters, out var failure))
        {
            return failure.Kind != FailureKind.UnsupportedMedia ? failure
                : new Failure(failure.Kind, IssueCode.NotSupported, $"Content-Type {request.ContentType ?? "(none)"} is no form of a patch here: {MediaType.JsonPatch}, or a FHIRPath Patch as application/fhir+json or application/fhir+xml.");
        }

        return parameters.Issues.Any(issue => issue.IsError)
            ? new Failure(FailureKind.Malformed, parameters.Issues)
            : (Func<ReadOnlyMemory<byte>, Result<ReadOnlyMemory<byte>>>)(resource => FhirPathPatch.Apply(resource, parameters));
    }
}

/// <summary>A patched resource and the version that it was made from.</summary>
internal sealed record Patched(string Id, string VersionId, ResourceDocument Document);
