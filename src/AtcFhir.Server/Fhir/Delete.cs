using AtcFhir.Server.AccessControl;
using AtcFhir.Store;

namespace AtcFhir.Server.Fhir;

/// <summary>FHIR delete interaction; deleting what is not there is no error. <see href="https://hl7.org/fhir/R4/http.html#delete"/></summary>
internal static class Delete
{
    public static async ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Delete, request.Type) is { } refused)
        {
            return Outcomes.Of(refused);
        }

        if (!Preconditions.ExpectedVersion(request).TryGet(out var version, out var unclear))
        {
            return Outcomes.Of(unclear);
        }

        var write = version.Of(ResourceWrite.Delete(request.Type, request.Id));
        return await Written.Commit(endpoint, request, write, Audit.Of(access, request, "delete"), [], cancel);
    }
}
