using AtcFhir.R4.Definitions;
using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;
using AtcFhir.Store.Search;

namespace AtcFhir.Server.Fhir;

/// <summary>FHIR search in a compartment: <c>Patient/123/Observation?code=…</c>, <c>Patient/123/*</c>. <see href="https://hl7.org/fhir/R4/compartmentdefinition.html"/></summary>
internal static class SearchCompartment
{
    public static ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        var member = request.Route.Compartment!;
        if (R4Definitions.Compartments.All(compartment => compartment.Code != request.Type))
        {
            return Unknown($"{request.Type} is not the centre of a compartment.");
        }

        if (member != "*" && !endpoint.Serves(member))
        {
            return Unknown($"Resource type {member} is not served.");
        }

        return SearchAnswer.Of(
            endpoint, access, request, member == "*" ? null : member, new Compartment(request.Type, request.Id), $"{request.Type}/{request.Id}/{member}", cancel);
    }

    private static ValueTask<FhirResponse> Unknown(string text)
        => ValueTask.FromResult(Outcomes.Of(FailureKind.NotFound, IssueCode.NotSupported, text));
}
