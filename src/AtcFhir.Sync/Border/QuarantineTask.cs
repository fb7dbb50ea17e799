using System.Buffers;
using System.Text.Json;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Sync.Border;

/// <summary>The Task by which a person on the trial's side learns that something of the hospital is in quarantine. It holds what is wrong, not what was sent.</summary>
internal static class QuarantineTask
{
    public const string System = "https://example.org/atcfhir/CodeSystem/task-code";
    public const string Code = "quarantined-hospital-resource";

    public static ResourceDocument Requested(string id, string patientId, string remoteType, string concept, IReadOnlyList<Issue> issues, DateTimeOffset since)
        => Write(id, "requested", patientId, remoteType, concept, issues, since);

    /// <summary>The same Task when the resource has come in after all, or was deleted at the hospital.</summary>
    public static ResourceDocument Completed(string id, string patientId, string remoteType, string concept, DateTimeOffset at)
        => Write(id, "completed", patientId, remoteType, concept, null, at);

    private static ResourceDocument Write(string id, string status, string patientId, string remoteType, string concept, IReadOnlyList<Issue>? issues, DateTimeOffset at)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("resourceType", "Task");
            json.WriteString("id", id);
            if (issues is not null)
            {
                json.WriteStartArray("contained");
                WriteOutcome(json, issues);
                json.WriteEndArray();
            }

            json.WriteString("status", status);
            json.WriteString("intent", "order");
            WriteCode(json, "code", Code, "Quarantined hospital resource");
            json.WriteString("description", $"A {remoteType} of the hospital ({concept}) is in scope but not valid.");
            json.WriteStartObject("for");
            json.WriteString("reference", "Patient/" + patientId);
            json.WriteEndObject();
            json.WriteString(issues is null ? "lastModified" : "authoredOn", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            if (issues is not null)
            {
                json.WriteStartArray("input");
                json.WriteStartObject();
                json.WriteStartObject("type");
                json.WriteString("text", "What is wrong");
                json.WriteEndObject();
                json.WriteStartObject("valueReference");
                json.WriteString("reference", "#outcome");
                json.WriteEndObject();
                json.WriteEndObject();
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return ResourceDocument.Parse(buffer.WrittenMemory).Value;
    }

    internal static void WriteCode(Utf8JsonWriter json, string name, string code, string text)
    {
        json.WriteStartObject(name);
        json.WriteStartArray("coding");
        json.WriteStartObject();
        json.WriteString("system", System);
        json.WriteString("code", code);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static void WriteOutcome(Utf8JsonWriter json, IReadOnlyList<Issue> issues)
    {
        using var outcome = JsonDocument.Parse(OperationOutcomeJson.ToUtf8(issues));
        json.WriteStartObject();
        json.WriteString("resourceType", "OperationOutcome");
        json.WriteString("id", "outcome");
        outcome.RootElement.GetProperty("issue").WriteTo(json.WithName("issue"));
        json.WriteEndObject();
    }

    private static Utf8JsonWriter WithName(this Utf8JsonWriter json, string name)
    {
        json.WritePropertyName(name);
        return json;
    }
}
