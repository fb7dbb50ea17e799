using System.Buffers;
using System.Text.Json;
using AtcFhir.R4.Documents;
using AtcFhir.Sync.Border;

namespace AtcFhir.Sync.Push;

/// <summary>The Task by which a person learns what could not be delivered to a hospital without them.</summary>
internal static class DeliveryTask
{
    public const string Code = "delivery-by-hand";

    public static ResourceDocument Requested(string id, string focus, string? patientId, string hospital, string text, DateTimeOffset at)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("resourceType", "Task");
            json.WriteString("id", id);
            json.WriteString("status", "requested");
            json.WriteString("intent", "order");
            QuarantineTask.WriteCode(json, "code", Code, "Delivery to the hospital by hand");
            json.WriteString("description", $"{text} Hospital: {hospital}.");
            WriteReference(json, "focus", focus);
            if (patientId is not null)
            {
                WriteReference(json, "for", "Patient/" + patientId);
            }

            json.WriteString("authoredOn", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
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
