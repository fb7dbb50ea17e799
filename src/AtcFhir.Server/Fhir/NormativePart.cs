using System.Text.Json;
using System.Text.Json.Nodes;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// What <c>mode=normative</c> gives of a CapabilityStatement: all but the elements that R4 marks as of trial use.
/// <see href="https://hl7.org/fhir/R4/capabilitystatement-definitions.html"/>
/// </summary>
internal static class NormativePart
{
    private static readonly string[] OfRest = ["security"];

    private static readonly string[] OfResource =
    [
        "supportedProfile", "versioning", "readHistory", "updateCreate", "conditionalCreate", "conditionalRead", "conditionalUpdate", "conditionalDelete", "referencePolicy",
        "searchInclude", "searchRevInclude",
    ];

    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> statement)
    {
        var root = JsonNode.Parse(statement.Span)!.AsObject();
        foreach (var rest in root["rest"]!.AsArray().Select(rest => rest!.AsObject()))
        {
            Remove(rest, OfRest);
            foreach (var resource in rest["resource"]!.AsArray())
            {
                Remove(resource!.AsObject(), OfResource);
            }
        }

        return JsonSerializer.SerializeToUtf8Bytes(root, RelaxedJson.Options);
    }

    private static void Remove(JsonObject owner, string[] names)
    {
        foreach (var name in names)
        {
            owner.Remove(name);
        }
    }
}
