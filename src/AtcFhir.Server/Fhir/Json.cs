using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AtcFhir.Server.Fhir;

/// <summary>How the server reads and writes JSON of its own: deep enough for a resource in a bundle, non-ASCII text as it is.</summary>
internal static class Json
{
    public static readonly JsonDocumentOptions Options = new() { MaxDepth = 128 };

    /// <summary>Of what a client sends: no property twice.</summary>
    public static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 128 };

    private static readonly JsonWriterOptions Indented = Compact with { Indented = true };

    /// <summary>The bytes of what the function writes.</summary>
    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write, int sizeHint = 1024)
    {
        var buffer = new ArrayBufferWriter<byte>(Math.Max(1, sizeHint));
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            write(writer);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>The same JSON with line breaks and indentation; numbers keep their text.</summary>
    public static ReadOnlyMemory<byte> Pretty(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, Options);
        var buffer = new ArrayBufferWriter<byte>(json.Length * 2);
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            document.RootElement.WriteTo(writer);
        }

        return buffer.WrittenMemory;
    }
}
