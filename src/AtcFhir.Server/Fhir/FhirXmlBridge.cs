using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.R4.Xml;

namespace AtcFhir.Server.Fhir;

/// <summary>Where XML meets JSON.</summary>
internal static class FhirXmlBridge
{
    /// <summary>What we answer ourselves is always a resource, whatever its size.</summary>
    private static readonly DocumentLimits OurOwn = new(int.MaxValue, 256);

    public static ReadOnlyMemory<byte> FromJson(ReadOnlyMemory<byte> json)
    {
        using var document = ResourceDocument.Parse(json, OurOwn).Value;
        return FhirXml.ToUtf8(document);
    }

    public static Result<ResourceDocument> Parse(ReadOnlyMemory<byte> xml, DocumentLimits limits) => ResourceDocument.ParseXml(xml, limits);
}
