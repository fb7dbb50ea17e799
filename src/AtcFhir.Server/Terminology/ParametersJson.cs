using System.Text.Json;
using AtcFhir.Server.Fhir;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Server.Terminology;

/// <summary>Writes the Parameters resource that an operation answers with. <see href="https://hl7.org/fhir/R4/parameters.html"/></summary>
internal sealed class ParametersJson(Utf8JsonWriter writer)
{
    public static FhirResponse Answer(Action<ParametersJson> write) => new(StatusCodes.Status200OK)
    {
        Body = Json.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("resourceType"u8, "Parameters"u8);
            writer.WriteStartArray("parameter"u8);
            write(new ParametersJson(writer));
            writer.WriteEndArray();
            writer.WriteEndObject();
        }),
    };

    /// <summary>A parameter with a primitive value; nothing when there is none.</summary>
    /// <param name="type">FHIR type: "string", "code".</param>
    public void Text(string name, string type, string? value) => Value(name, value is null ? null : () => Primitive(type, value));

    public void Flag(string name, bool value) => Value(name, () => writer.WriteBoolean("valueBoolean"u8, value));

    public void Coding(string name, ConceptCoding? coding) => Value(name, coding is null ? null : () => WriteCoding("valueCoding", coding));

    /// <summary>A parameter with parts.</summary>
    public void Parts(string name, Action<ParametersJson> write)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, name);
        writer.WriteStartArray("part"u8);
        write(this);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void Value(string name, Action? write)
    {
        if (write is null)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("name"u8, name);
        write();
        writer.WriteEndObject();
    }

    private void Primitive(string type, string value)
    {
        var name = "value" + char.ToUpperInvariant(type[0]) + type[1..];
        if (type is "boolean" or "integer" or "decimal")
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(value);
        }
        else
        {
            writer.WriteString(name, value);
        }
    }

    private void WriteCoding(string name, ConceptCoding coding)
    {
        writer.WriteStartObject(name);
        Property("system", coding.System);
        Property("version", coding.Version);
        Property("code", coding.Code);
        Property("display", coding.Display);
        writer.WriteEndObject();
    }

    private void Property(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writer.WriteString(name, value);
        }
    }
}
