using System.Buffers;
using System.Text;
using System.Text.Json;
using AtcFhir.R4.Documents;
using AtcFhir.Sync.Border;
using AtcFhir.Sync.Keys;

namespace AtcFhir.Sync.Push;

/// <summary>The Task by which a person learns what could not be delivered to a hospital without them.</summary>
internal static class DeliveryTask
{
    public const string Code = "delivery-by-hand";

    /// <summary>One Task a resource and hospital, however often there is something to decide.</summary>
    public static string IdOf(KeyRing ring, string hospital, string focus) => "deliver-" + ring.Fingerprint(Encoding.UTF8.GetBytes(hospital + "/" + focus))[..32];

    public static ResourceDocument Requested(string id, string focus, string? patientId, string hospital, string text, DateTimeOffset at)
        => Write("requested", id, focus, patientId, hospital, text, at);

    /// <summary>The same Task when a person has decided.</summary>
    public static ResourceDocument Completed(string id, string? focus, string? patientId, string hospital, string text, DateTimeOffset at)
        => Write("completed", id, focus, patientId, hospital, text, at);

    private static ResourceDocument Write(string status, string id, string? focus, string? patientId, string hospital, string text, DateTimeOffset at)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("resourceType", "Task");
            json.WriteString("id", id);
            json.WriteString("status", status);
            json.WriteString("intent", "order");
            QuarantineTask.WriteCode(json, "code", Code, "Delivery to the hospital by hand");
            json.WriteString("description", $"{text} Hospital: {hospital}.");
            if (focus is not null)
            {
                WriteReference(json, "focus", focus);
            }

            if (patientId is not null)
            {
                WriteReference(json, "for", "Patient/" + patientId);
            }

            json.WriteString(status == "requested" ? "authoredOn" : "lastModified", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        return ResourceDocument.Parse(buffer.WrittenMemory).Value;
    }

    private static void WriteReference(Utf8JsonWriter json, string name, string reference)
    {
        json.WriteStartObject(name);
        json.WriteString("reference", reference);
        json.WriteEndObject();
    }
}
