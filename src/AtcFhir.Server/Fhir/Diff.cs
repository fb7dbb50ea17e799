using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Store;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// The operation $diff: what leads from one version to another, or from one resource to another, as a FHIRPath Patch or, with
/// <c>patch=json</c>, as a JSON Patch. PATCH takes both, and makes of the one what the other is.
/// <c>Patient/1/$diff?from=2&amp;to=3</c> (without: the last change), <c>$diff?from=Patient/1&amp;to=Patient/2/_history/1</c>.
/// <see href="https://hl7.org/fhir/R4/fhirpatch.html"/>
/// </summary>
internal static class Diff
{
    public static async ValueTask<FhirResponse> OfInstance(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (!OperationParameters.Of(request, endpoint.Limits).TryGet(out var parameters, out var unclear))
        {
            return Outcomes.Of(unclear);
        }

        var place = $"{request.Type}/{request.Id}";
        var to = await Find(endpoint, access, VersionOf(place, parameters.Text("to") ?? parameters.Text("toVersion")), cancel);
        if (!to.TryGet(out var after, out unclear))
        {
            return Outcomes.Of(unclear);
        }

        var given = parameters.Text("from") ?? parameters.Text("fromVersion");
        if (given is null && await Before(endpoint, after, cancel) is { } before)
        {
            return Answer(before, after, parameters);
        }

        return given is null
            ? Outcomes.Of(FailureKind.NotFound, IssueCode.NotFound, $"{place} has no version before {after.VersionId}.")
            : (await Find(endpoint, access, VersionOf(place, given), cancel)).TryGet(out var from, out unclear) ? Answer(from, after, parameters) : Outcomes.Of(unclear);
    }

    public static async ValueTask<FhirResponse> OfSystem(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (!OperationParameters.Of(request, endpoint.Limits).TryGet(out var parameters, out var unclear))
        {
            return Outcomes.Of(unclear);
        }

        if (parameters.Text("from") is not { } from || parameters.Text("to") is not { } to)
        {
            return Outcomes.Of(FailureKind.Malformed, IssueCode.Required, "$diff needs the parameters from and to, such as Patient/1 and Patient/1/_history/2.");
        }

        return (await Find(endpoint, access, from, cancel)).TryGet(out var before, out unclear) && (await Find(endpoint, access, to, cancel)).TryGet(out var after, out unclear)
            ? before.Type == after.Type ? Answer(before, after, parameters) : Outcomes.Of(FailureKind.Malformed, IssueCode.Invalid, "from and to have to be of the same resource type.")
            : Outcomes.Of(unclear);
    }

    private static FhirResponse Answer(StoredResource before, StoredResource after, OperationParameters parameters)
    {
        var withStamp = parameters.Text("includeMeta") == "true";
        return parameters.Text("patch") switch
        {
            null or "fhirpath" => new FhirResponse(StatusCodes.Status200OK) { Body = ResourceDiff.Of(before.Body, after.Body, withStamp) },
            "json" => new FhirResponse(StatusCodes.Status200OK) { Body = JsonDiff.Of(before.Body, after.Body, withStamp), ContentType = MediaType.JsonPatch },
            _ => Outcomes.Of(FailureKind.Malformed, IssueCode.Value, "patch: expected fhirpath or json."),
        };
    }

    /// <summary>A bare version number belongs to the resource of the URL.</summary>
    private static string VersionOf(string place, string? text)
        => text is null ? place : text.Contains('/', StringComparison.Ordinal) ? text : $"{place}/_history/{text}";

    private static async ValueTask<StoredResource?> Before(FhirEndpoint endpoint, StoredResource after, CancellationToken cancel)
    {
        var before = await VersionBefore.Of(endpoint.Store, after, cancel);
        while (before is { IsDeleted: true })
        {
            before = await VersionBefore.Of(endpoint.Store, before, cancel);
        }

        return before;
    }

    private static async ValueTask<Result<StoredResource>> Find(FhirEndpoint endpoint, Access access, string reference, CancellationToken cancel)
    {
        var (type, id, version) = reference.Split('/') switch
        {
            [var one, var two] => (one, two, null),
            [var one, var two, "_history", var three] => (one, two, three),
            _ => ("", "", (string?)null),
        };
        if (!endpoint.Serves(type))
        {
            return new Failure(FailureKind.Malformed, IssueCode.Value, "from and to are versions, or references such as Patient/1 and Patient/1/_history/2.");
        }

        if (access.Refuse(Permission.Read, type) is { } refused)
        {
            return refused;
        }

        var stored = version is null ? await endpoint.Store.Read(type, id, cancel) : await endpoint.Store.ReadVersion(type, id, version, cancel);
        return stored switch
        {
            null => new Failure(FailureKind.NotFound, IssueCode.NotFound, $"{reference} is not known."),
            { IsDeleted: true } => new Failure(FailureKind.Deleted, IssueCode.Deleted, $"{reference} is a deletion."),
            _ => stored,
        };
    }
}
