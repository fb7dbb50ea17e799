using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AtcFhir.Sync.Border;

/// <summary>
/// The content of a resource in one spelling: properties sorted, no whitespace, decimals as written, without id, meta and generated
/// narrative. Two servers that hold the same thing give the same bytes. Works on the JSON itself, so nothing unknown is lost.
/// </summary>
internal static class CanonicalContent
{
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    public static byte[] Of(ReadOnlyMemory<byte> resource)
    {
        using var document = JsonDocument.Parse(resource);
        return Of(document.RootElement);
    }

    public static byte[] Of(JsonElement resource)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Write(writer, resource, isResource: true);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element, bool isResource = false)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    if (!isResource || !IsServers(property.Name))
                    {
                        writer.WritePropertyName(property.Name);
                        Write(writer, property.Value);
                    }
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(element.GetString());
                break;
            default:
                writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(element), skipInputValidation: true);
                break;
        }
    }

    /// <summary>What a server adds to or makes of what it is given.</summary>
    private static bool IsServers(string name) => name is "id" or "meta" or "text";
}
