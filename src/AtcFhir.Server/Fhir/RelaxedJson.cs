using System.Text.Encodings.Web;
using System.Text.Json;

namespace AtcFhir.Server.Fhir;

/// <summary>JSON strings as FHIR texts have them: only what must be escaped is.</summary>
internal static class RelaxedJson
{
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
