using System.Text.Encodings.Web;
using System.Text.Json;

namespace AtcFhir.Cli;

/// <summary>How this program writes JSON: readable letters stay as they are.</summary>
internal static class CliJson
{
    public static JsonWriterOptions Writer { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonWriterOptions Indented { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true };
}
