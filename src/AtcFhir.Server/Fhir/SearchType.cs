using AtcFhir.Server.AccessControl;

namespace AtcFhir.Server.Fhir;

/// <summary>FHIR search interaction over one type, by GET and by POST _search. <see href="https://hl7.org/fhir/R4/http.html#search"/></summary>
internal static class SearchType
{
    public static ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
        => SearchAnswer.Of(endpoint, access, request, request.Type, compartment: null, request.Type, cancel);
}
