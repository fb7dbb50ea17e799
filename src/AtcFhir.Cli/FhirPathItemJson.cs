using System.Text;
using System.Text.Json;
using AtcFhir.R4.FhirPath;

namespace AtcFhir.Cli;

/// <summary>One item as <c>{"type": "integer", "value": 4}</c>. System types are named as the FHIR types that they correspond to.</summary>
internal static class FhirPathItemJson
{
    public static string ToText(FhirPathItem item)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, CliJson.Writer))
        {
            Write(json, item);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    public static void Write(Utf8JsonWriter json, FhirPathItem item)
    {
        json.WriteStartObject();
        json.WriteString("type", TypeOf(item));
        json.WritePropertyName("value");
        WriteValue(json, item);
        json.WriteEndObject();
    }

    private static string TypeOf(FhirPathItem item) => item.Kind switch
    {
        FhirPathKind.Node => item.Node.Type.Name,
        FhirPathKind.Boolean => "boolean",
        FhirPathKind.Integer => "integer",
        FhirPathKind.Decimal => "decimal",
        FhirPathKind.String => "string",
        FhirPathKind.Date => "date",
        FhirPathKind.DateTime => "dateTime",
        FhirPathKind.Time => "time",
        FhirPathKind.Quantity => "Quantity",
        _ => "TypeInfo",
    };

    private static void WriteValue(Utf8JsonWriter json, FhirPathItem item)
    {
        switch (item.Kind)
        {
            case FhirPathKind.Node when item.Node.IsPrimitive && !item.Node.HasValue:
                json.WriteNullValue();
                break;
            case FhirPathKind.Node:
                json.WriteRawValue(item.Node.JsonSpan);
                break;
            case FhirPathKind.Boolean or FhirPathKind.Integer or FhirPathKind.Decimal:
                json.WriteRawValue(item.Text!);
                break;
            default:
                json.WriteStringValue(item.Text);
                break;
        }
    }
}
