using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>FHIRPath Patch: a Parameters resource with operations. <see href="https://hl7.org/fhir/R4/fhirpatch.html"/></summary>
internal static class FhirPathPatch
{
    public static Result<ReadOnlyMemory<byte>> Apply(ReadOnlyMemory<byte> resource, ResourceDocument parameters)
        => new Failure(FailureKind.UnsupportedMedia, IssueCode.NotSupported, "FHIRPath Patch is not served.");
}
