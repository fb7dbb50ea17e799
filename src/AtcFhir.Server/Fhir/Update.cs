using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Store;
using AtcFhir.Validation;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// FHIR update interaction; creates the resource under the client's id when there is none, or when it was deleted.
/// <see href="https://hl7.org/fhir/R4/http.html#update"/>
/// </summary>
internal static class Update
{
    public static async ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Update, request.Type) is { } refused)
        {
            return Outcomes.Of(refused);
        }

        if (!FhirBody.Parse(request, endpoint.Limits).TryGet(out var document, out var broken))
        {
            return Outcomes.Of(broken);
        }

        using var disposed = document;
        if (Identity.Mismatch(document, request.Id, endpoint.Persona) is { } mismatch)
        {
            return Outcomes.Of(mismatch);
        }

        if (!Incoming.Check(endpoint, document, request.Type, ValidateMode.Update).TryGet(out var incoming, out broken))
        {
            return Outcomes.Of(broken);
        }

        if (!Preconditions.ExpectedVersion(request).TryGet(out var version, out var unclear))
        {
            return Outcomes.Of(unclear);
        }

        var write = version.Of(ResourceWrite.Update(endpoint.Store.Prepare(incoming.Document, request.Id)));
        return await Written.Commit(endpoint, request, write, Audit.Of(access, request, "update", incoming.Document), incoming.Issues, cancel);
    }
}
