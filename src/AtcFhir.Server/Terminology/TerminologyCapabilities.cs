using System.Text.Json;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Fhir;

namespace AtcFhir.Server.Terminology;

/// <summary>
/// /metadata?mode=terminology: the code systems that are known, and what the operations take. <see href="https://hl7.org/fhir/R4/terminologycapabilities.html"/>
/// </summary>
internal static class TerminologyCapabilities
{
    public static async ValueTask<FhirResponse> Handle(FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken cancel)
    {
        var operations = await endpoint.Terminology.Current(cancel);
        var statement = Json.Write(
            writer =>
            {
                writer.WriteStartObject();
                Capabilities.WriteHead(writer, "TerminologyCapabilities", "metadata?mode=terminology", endpoint, request);
                Write(writer, operations.CodeSystems);
                writer.WriteEndObject();
            },
            64 * 1024);
        return Capabilities.Answer(request, statement);
    }

    private static void Write(Utf8JsonWriter writer, IReadOnlyList<string> systems)
    {
        writer.WriteStartArray("codeSystem"u8);
        foreach (var system in systems)
        {
            writer.WriteStartObject();
            writer.WriteString("uri"u8, system);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("expansion"u8);
        writer.WriteBoolean("hierarchical"u8, true);
        writer.WriteBoolean("paging"u8, true);
        writer.WriteBoolean("incomplete"u8, false);
        writer.WriteStartArray("parameter"u8);
        foreach (var parameter in TerminologyParameters.Expand.Names)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, parameter);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("textFilter"u8, "Each word of the filter has to stand in the code, its display or one of its designations; case does not matter."u8);
        writer.WriteEndObject();
        writer.WriteString("codeSearch"u8, "explicit"u8);
        writer.WriteStartObject("validateCode"u8);
        writer.WriteBoolean("translations"u8, true);
        writer.WriteEndObject();
        writer.WriteStartObject("translation"u8);
        writer.WriteBoolean("needsMap"u8, false);
        writer.WriteEndObject();
    }
}
