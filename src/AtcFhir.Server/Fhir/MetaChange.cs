using System.Text.Json;
using System.Text.Json.Nodes;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Store;
using AtcFhir.Validation;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// The operations $meta-add and $meta-delete on profiles, tags and security labels of a resource. The change is a version of its own, since every change
/// of a record has to be seen in its history. <see href="https://hl7.org/fhir/R4/resource-operation-meta-add.html"/>
/// </summary>
internal static class MetaChange
{
    public static ValueTask<FhirResponse> Add(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
        => Run(endpoint, access, request, "meta-add", (meta, given) => meta.Add(given), cancel);

    public static ValueTask<FhirResponse> Remove(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
        => Run(endpoint, access, request, "meta-delete", (meta, given) => meta.Remove(given), cancel);

    private static async ValueTask<FhirResponse> Run(
        FhirEndpoint endpoint, Access access, FhirRequest request, string action, Action<MetaLabels, MetaLabels> change, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Update, request.Type) is { } refused)
        {
            return Outcomes.Of(refused);
        }

        if (!OperationParameters.Of(request, endpoint.Limits).TryGet(out var parameters, out var unclear))
        {
            return Outcomes.Of(unclear);
        }

        if (parameters.Value("meta") is not { Exists: true, Type.Name: "Meta" } given)
        {
            return Outcomes.Of(FailureKind.Malformed, IssueCode.Required, "The operation needs the parameter meta with a valueMeta.");
        }

        var stored = await endpoint.Store.Read(request.Type, request.Id, cancel);
        if (stored is not { IsDeleted: false })
        {
            return Read.Answer(request, stored);
        }

        if (!Preconditions.ExpectedVersion(request).TryGet(out var expected, out var noTag))
        {
            return Outcomes.Of(noTag);
        }

        if (expected.Id is { } version && version != stored.VersionId)
        {
            return Outcomes.Of(FailureKind.Precondition, IssueCode.Conflict, $"{request.Type}/{request.Id} is at version {stored.VersionId}, not at the version that If-Match names ({version}).");
        }

        var root = JsonNode.Parse(stored.Body.Span, nodeOptions: null, Json.Options)!.AsObject();
        var before = root["meta"]!.ToJsonString();
        var meta = new MetaLabels(root["meta"]!.AsObject());
        change(meta, new MetaLabels(JsonNode.Parse(given.JsonSpan)!.AsObject()));
        if (meta.ToJson().ToJsonString() == before)
        {
            return Meta.Answer(meta.ToJson());
        }

        var document = ResourceDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(root, RelaxedJson.Options), endpoint.Limits);
        if (!document.TryGet(out var changed, out var broken) || !Incoming.Check(endpoint, changed, request.Type, ValidateMode.Update).TryGet(out var incoming, out broken))
        {
            return Outcomes.Of(broken);
        }

        var write = ResourceWrite.Update(endpoint.Store.Prepare(incoming.Document, request.Id)) with { IfMatch = [stored.VersionId] };
        var committed = await endpoint.Store.Commit(WriteBatch.Of(Audit.Of(access, request, action, incoming.Document), write), cancel);
        return committed.Failure is { } failure ? Outcomes.Of(failure) : Meta.Answer(MetaLabels.Of(committed.Writes[0].Resource!.Body).ToJson());
    }
}
