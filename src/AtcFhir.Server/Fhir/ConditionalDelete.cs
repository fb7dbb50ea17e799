using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Store;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// FHIR conditional delete: the one match is deleted, none is no error, more are a 412.
/// <see href="https://hl7.org/fhir/R4/http.html#3.1.0.7.1"/>
/// </summary>
internal static class ConditionalDelete
{
    public static async ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Delete, request.Type) is { } refused)
        {
            return Outcomes.Of(refused);
        }

        if (!Condition.Of(endpoint, request.Type, request.Query).TryGet(out var condition, out var unclear))
        {
            return Outcomes.Of(unclear);
        }

        var write = new ResourceWrite { Kind = WriteKind.Delete, Type = request.Type, Condition = condition.Query };
        return await Written.Commit(endpoint, request, write, Audit.Of(access, request, "delete"), [], cancel);
    }
}
