using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>Where XML meets JSON.</summary>
internal static class FhirXmlBridge
{
    public static ReadOnlyMemory<byte> FromJson(ReadOnlyMemory<byte> json) => json;

    public static Result<ResourceDocument> Parse(ReadOnlyMemory<byte> xml, DocumentLimits limits)
        => new Failure(FailureKind.UnsupportedMedia, IssueCode.NotSupported, "XML is not served.");
}
