using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;

namespace AtcFhir.Server.Fhir;

/// <summary>FHIR vread interaction. <see href="https://hl7.org/fhir/R4/http.html#vread"/></summary>
internal static class VRead
{
    public static async ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        if (access.Refuse(Permission.Read, request.Type) is { } refused)
        {
            return Outcomes.Of(refused);
        }

        if (Read.RefuseCount(request) is { } nothingToCount)
        {
            return Outcomes.Of(nothingToCount);
        }

        var version = request.Route.VersionId!;
        var stored = await endpoint.Store.ReadVersion(request.Type, request.Id, version, cancel);
        return stored is null || stored.VersionId != version // "01" is the id of no version
            ? Outcomes.Of(FailureKind.NotFound, IssueCode.NotFound, $"{request.Type}/{request.Id} has no such version.")
            : Read.Answer(request, stored);
    }
}
