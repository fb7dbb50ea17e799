using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AtcFhir.R4.Canonical;

/// <summary>
/// One spelling of JSON for one content: properties sorted by name, no white space, strings escaped in one way, numbers as they were written (1.0
/// and 1.00 differ: FHIR keeps precision). <see href="https://hl7.org/fhir/R4/json.html#canonical"/>
/// </summary>
public static class CanonicalForm
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly JsonWriterOptions Ascii = new() { SkipValidation = true };

    /// <summary>The canonical form of any JSON value.</summary>
    public static byte[] Of(ReadOnlyMemory<byte> json) => Of(json, Part.All, Readable);

    /// <summary>The canonical form of a resource without meta.versionId and meta.lastUpdated, which each server sets for itself.</summary>
    public static byte[] WithoutStamp(ReadOnlyMemory<byte> resource) => Of(resource, Part.WithoutStamp, Readable);

    /// <summary>
    /// The content of a resource, whoever keeps it: without id, meta and narrative, which a server sets or makes. Other letters than ASCII are escaped:
    /// the fingerprints in stored ledgers are taken of this form, so it never changes.
    /// </summary>
    public static byte[] Content(ReadOnlyMemory<byte> resource) => Of(resource, Part.Content, Ascii);

    /// <summary>SHA-256 over <see cref="WithoutStamp"/>, in lower-case hexadecimal: equal for equal content, whatever its key order, white space, version and time.</summary>
    public static string Hash(ReadOnlyMemory<byte> resource) => Convert.ToHexStringLower(SHA256.HashData(WithoutStamp(resource)));

    internal static bool IsStamp(string metaProperty) => metaProperty is "versionId" or "lastUpdated" or "_versionId" or "_lastUpdated";

    private enum Part
    {
        All,
        WithoutStamp,
        Content,
    }

    private static byte[] Of(ReadOnlyMemory<byte> json, Part part, JsonWriterOptions options)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 256 });
        var buffer = new ArrayBufferWriter<byte>(json.Length);
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            if (part == Part.All || document.RootElement.ValueKind != JsonValueKind.Object)
            {
                Write(writer, document.RootElement);
            }
            else
            {
                WritePart(writer, document.RootElement, part);
            }
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WritePart(Utf8JsonWriter writer, JsonElement resource, Part part)
    {
        writer.WriteStartObject();
        foreach (var property in Sorted(resource))
        {
            if (part == Part.Content)
            {
                if (property.Name is not ("id" or "meta" or "text"))
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value);
                }
            }
            else if (property is not { Name: "meta", Value.ValueKind: JsonValueKind.Object })
            {
                writer.WritePropertyName(property.Name);
                Write(writer, property.Value);
            }
            else if (Sorted(property.Value).Where(inner => !IsStamp(inner.Name)).ToList() is { Count: > 0 } rest)
            {
                writer.WriteStartObject("meta");
                rest.ForEach(inner =>
                {
                    writer.WritePropertyName(inner.Name);
                    Write(writer, inner.Value);
                });
                writer.WriteEndObject();
            }
        }

        writer.WriteEndObject();
    }

    private static IEnumerable<JsonProperty> Sorted(JsonElement value) => value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal);

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in Sorted(value))
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(value.GetString());
                break;
            default:
                writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
                break;
        }
    }
}
