using System.Buffers;
using System.Text.Json;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Terminology.Remote;

/// <summary>
/// Questions as a batch Bundle of $validate-code. A value set that only we have goes along; the official ones every server has.
/// <see href="https://hl7.org/fhir/R4/http.html#transaction"/>
/// </summary>
internal static class BatchRequest
{
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<CodeQuestion> questions, ConformanceSource source)
    {
        var buffer = new ArrayBufferWriter<byte>(questions.Count * 400);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("resourceType"u8, "Bundle"u8);
            writer.WriteString("type"u8, "batch"u8);
            writer.WriteStartArray("entry"u8);
            foreach (var question in questions)
            {
                WriteEntry(writer, question, source);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteEntry(Utf8JsonWriter writer, CodeQuestion question, ConformanceSource source)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("resource"u8);
        writer.WriteString("resourceType"u8, "Parameters"u8);
        writer.WriteStartArray("parameter"u8);
        if (question.ValueSet is { } valueSet)
        {
            WriteValueSet(writer, valueSet, source);
        }
        else
        {
            Text(writer, "url", "valueUri", question.System);
        }

        writer.WriteStartObject();
        writer.WriteString("name"u8, "coding"u8);
        writer.WriteStartObject("valueCoding"u8);
        writer.WriteString("system"u8, question.System);
        if (question.Version is { } version)
        {
            writer.WriteString("version"u8, version);
        }

        writer.WriteString("code"u8, question.Code);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteStartObject("request"u8);
        writer.WriteString("method"u8, "POST"u8);
        writer.WriteString("url"u8, question.ValueSet is null ? "CodeSystem/$validate-code"u8 : "ValueSet/$validate-code"u8);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteValueSet(Utf8JsonWriter writer, string canonical, ConformanceSource source)
    {
        if (source.Resource(canonical, "ValueSet") is { } own)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, "valueSet"u8);
            writer.WritePropertyName("resource"u8);
            own.WriteTo(writer);
            writer.WriteEndObject();
            return;
        }

        var (url, version) = ConformanceSource.SplitCanonical(canonical);
        Text(writer, "url", "valueUri", url);
        if (version is not null)
        {
            Text(writer, "valueSetVersion", "valueString", version);
        }
    }

    private static void Text(Utf8JsonWriter writer, string name, string type, string value)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, name);
        writer.WriteString(type, value);
        writer.WriteEndObject();
    }
}
