using System.Buffers;
using System.Text.Json;
using AtcFhir.R4.Xml;

namespace AtcFhir.R4.Outcomes;

/// <summary>
/// The one place where issues become an OperationOutcome resource (JSON). <see href="https://hl7.org/fhir/R4/operationoutcome.html"/>.
/// Line, column and rule id travel in the extensions that HL7's own tools use.
/// </summary>
public static class OperationOutcomeJson
{
    /// <summary>The code system of our rule ids.</summary>
    public const string RuleSystem = "https://example.org/atcfhir/CodeSystem/validation-rule";

    private const string Extension = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-";

    private static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Issue AllOk = new(IssueSeverity.Information, IssueCode.Informational, "No issues.");

    public static byte[] ToUtf8(IReadOnlyList<Issue> issues)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Write(writer, issues);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes the resource as one JSON object; an empty list becomes one informational issue, since R4 demands at least one.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<Issue> issues)
    {
        writer.WriteStartObject();
        writer.WriteString("resourceType", "OperationOutcome");
        writer.WriteStartArray("issue");
        foreach (var issue in issues.Count == 0 ? [AllOk] : issues)
        {
            Write(writer, issue);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Issue issue)
    {
        writer.WriteStartObject();
        if (issue.Line is { } line)
        {
            writer.WriteStartArray("extension");
            WriteIntegerExtension(writer, Extension + "line", line);
            WriteIntegerExtension(writer, Extension + "col", issue.Column ?? 1);
            writer.WriteEndArray();
        }

        writer.WriteString("severity", issue.Severity switch
        {
            IssueSeverity.Fatal => "fatal",
            IssueSeverity.Error => "error",
            IssueSeverity.Warning => "warning",
            _ => "information",
        });
        writer.WriteString("code", issue.Code);
        writer.WriteStartObject("details");
        if (issue.Rule is { } rule)
        {
            writer.WriteStartArray("coding");
            writer.WriteStartObject();
            writer.WriteString("system", RuleSystem);
            writer.WriteString("code", rule);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        // What was found may hold characters that no FHIR string may have.
        writer.WriteString("text", XmlCharacters.Representable(issue.Text));
        writer.WriteEndObject();
        if (issue.Diagnostics is { } diagnostics)
        {
            writer.WriteString("diagnostics", XmlCharacters.Representable(diagnostics));
        }

        if (issue.Expression is { } expression)
        {
            writer.WriteStartArray("expression");
            writer.WriteStringValue(XmlCharacters.Representable(expression));
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteIntegerExtension(Utf8JsonWriter writer, string url, int value)
    {
        writer.WriteStartObject();
        writer.WriteString("url", url);
        writer.WriteNumber("valueInteger", value);
        writer.WriteEndObject();
    }
}
