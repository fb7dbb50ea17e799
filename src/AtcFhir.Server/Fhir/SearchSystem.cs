using AtcFhir.Server.AccessControl;

namespace AtcFhir.Server.Fhir;

/// <summary>FHIR search interaction over all types, or those of _type. <see href="https://hl7.org/fhir/R4/http.html#search"/></summary>
internal static class SearchSystem
{
    public static ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
        => SearchAnswer.Of(endpoint, access, request, type: null, compartment: null, "", cancel);
}
