using AtcFhir.Server.AccessControl;
using AtcFhir.Store;
using AtcFhir.Validation;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// FHIR create interaction, with If-None-Exist the conditional one. The id of the body, if any, is not used.
/// <see href="https://hl7.org/fhir/R4/http.html#create"/>, <see href="https://hl7.org/fhir/R4/http.html#ccreate"/>
/// </summary>
internal static class Create
{
    public static async ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Create, request.Type) is { } refused)
        {
            return Outcomes.Of(refused);
        }

        if (!Incoming.Take(endpoint, request, ValidateMode.Create).TryGet(out var incoming, out var broken))
        {
            return Outcomes.Of(broken);
        }

        using var document = incoming.Document;
        if (!Condition.OfHeader(endpoint, request.BaseUrl, request.Type, request.IfNoneExist).TryGet(out var condition, out var unclear))
        {
            return Outcomes.Of(unclear);
        }

        var write = ResourceWrite.Create(endpoint.Store.Prepare(document, endpoint.Persona.NewId?.Invoke())) with { Condition = condition.Query };
        return await Written.Commit(endpoint, request, write, Audit.Of(access, request, "create", document), incoming.Issues, cancel);
    }
}
