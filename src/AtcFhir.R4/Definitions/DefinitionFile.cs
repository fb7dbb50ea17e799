using System.IO.Compression;

namespace AtcFhir.R4.Definitions;

/// <summary>The embedded, compressed files of this folder.</summary>
internal static class DefinitionFile
{
    /// <summary>The whole content.</summary>
    public static ReadOnlyMemory<byte> Read(string name)
    {
        using var stream = typeof(DefinitionFile).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The file {name} is not in the assembly.");
        using var brotli = new BrotliStream(stream, CompressionMode.Decompress);
        using var content = new MemoryStream((int)stream.Length * 8);
        brotli.CopyTo(content);
        return content.GetBuffer().AsMemory(0, (int)content.Length);
    }

    /// <summary>The parts of a content that was joined of several, each behind its length.</summary>
    public static List<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> content)
    {
        var parts = new List<ReadOnlyMemory<byte>>();
        for (var at = 0; at < content.Length;)
        {
            var length = CompactReader.Number(content.Span, ref at);
            parts.Add(content.Slice(at, length));
            at += length;
        }

        return parts;
    }
}
