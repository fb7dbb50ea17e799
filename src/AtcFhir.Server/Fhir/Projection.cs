using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AtcFhir.R4.Definitions;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// The part of a resource that _summary or _elements asks for, marked SUBSETTED so that nobody writes it back as the whole.
/// <see href="https://hl7.org/fhir/R4/search.html#summary"/>
/// </summary>
internal static class Projection
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The resource's JSON, cut down; the very same bytes when the presentation asks for the whole.</summary>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> resource, Presentation presentation)
    {
        if (presentation.IsWhole)
        {
            return resource;
        }

        using var document = JsonDocument.Parse(resource, Json.Options);
        var type = document.RootElement.GetProperty("resourceType").GetString()!;
        if (R4Definitions.Find(type) is not { } schema)
        {
            return resource;
        }

        var buffer = new ArrayBufferWriter<byte>(resource.Length);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Write(writer, document.RootElement, schema, presentation);
        }

        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter writer, JsonElement resource, TypeSchema schema, Presentation presentation)
    {
        writer.WriteStartObject();
        writer.WriteString("resourceType"u8, schema.Name);
        if (!resource.TryGetProperty("meta"u8, out _))
        {
            WriteMeta(writer, default);
        }

        foreach (var property in resource.EnumerateObject())
        {
            var element = ElementOf(schema, property.Name);
            if (property.NameEquals("meta"u8))
            {
                WriteMeta(writer, property.Value);
            }
            else if (element is not null && Keeps(element, property.Name.TrimStart('_'), presentation, schema.Name))
            {
                writer.WritePropertyName(property.Name);
                WriteValue(writer, property.Value, element, presentation.Summary is Summary.True);
            }
        }

        writer.WriteEndObject();
    }

    private static bool Keeps(ElementSchema element, string property, Presentation presentation, string type)
    {
        if (element.Name is "id" or "meta")
        {
            return true;
        }

        var kept = presentation.Summary switch
        {
            Summary.True => element.IsSummary || element.Min > 0,
            Summary.Text => element.Name == "text" || element.Min > 0,
            Summary.Data => element.Name != "text",
            _ => true,
        };
        return kept && (presentation.Elements is null || element.Min > 0 || element.IsModifier
            || presentation.Elements.Any(name => Names(name.StartsWith(type + ".", StringComparison.Ordinal) ? name[(type.Length + 1)..] : name, element.Name, property)));
    }

    /// <summary>"value", as _elements has it; the names that the element goes by in JSON and in its definition are understood too: "valueQuantity", "value[x]".</summary>
    private static bool Names(string name, string element, string property) => name == element || name == property || name == element + "[x]";

    /// <summary>Of a summary, the backbone elements inside are cut down too; data types stay whole.</summary>
    private static void WriteValue(Utf8JsonWriter writer, JsonElement value, ElementSchema element, bool cutDown)
    {
        if (!cutDown || element.Types is not [{ Type: { Kind: TypeKind.Backbone } type }])
        {
            value.WriteTo(writer);
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            writer.WriteStartArray();
            foreach (var item in value.EnumerateArray())
            {
                WriteBackbone(writer, item, type);
            }

            writer.WriteEndArray();
        }
        else
        {
            WriteBackbone(writer, value, type);
        }
    }

    private static void WriteBackbone(Utf8JsonWriter writer, JsonElement value, TypeSchema type)
    {
        writer.WriteStartObject();
        foreach (var property in value.EnumerateObject())
        {
            if (ElementOf(type, property.Name) is { } element && (element.IsSummary || element.Min > 0))
            {
                writer.WritePropertyName(property.Name);
                WriteValue(writer, property.Value, element, cutDown: true);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteMeta(Utf8JsonWriter writer, JsonElement meta)
    {
        writer.WriteStartObject("meta"u8);
        if (meta.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in meta.EnumerateObject().Where(property => !property.NameEquals("tag"u8)))
            {
                property.WriteTo(writer);
            }
        }

        writer.WriteStartArray("tag"u8);
        if (meta.ValueKind == JsonValueKind.Object && meta.TryGetProperty("tag"u8, out var tags))
        {
            foreach (var tag in tags.EnumerateArray())
            {
                tag.WriteTo(writer);
            }
        }

        writer.WriteStartObject();
        writer.WriteString("system"u8, "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"u8);
        writer.WriteString("code"u8, "SUBSETTED"u8);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static ElementSchema? ElementOf(TypeSchema type, string property)
    {
        var name = property.StartsWith('_') ? property[1..] : property;
        foreach (var element in type.Elements)
        {
            if (element.JsonNames.Contains(name))
            {
                return element;
            }
        }

        return null;
    }
}
