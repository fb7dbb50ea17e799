using System.IO.Compression;

namespace AtcFhir.R4.Definitions;

/// <summary>The embedded, compressed files of this folder.</summary>
internal static class DefinitionFile
{
    /// <summary>The whole content.</summary>
    public static byte[] Read(string name)
    {
        using var stream = typeof(DefinitionFile).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The file {name} is not in the assembly.");
        using var brotli = new BrotliStream(stream, CompressionMode.Decompress);
        using var content = new MemoryStream((int)stream.Length * 8);
        brotli.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>The parts of a file that was joined of several, each behind its length.</summary>
    public static List<ReadOnlyMemory<byte>> ReadParts(string name)
    {
        var content = Read(name);
        var parts = new List<ReadOnlyMemory<byte>>();
        for (var at = 0; at < content.Length;)
        {
            var (length, shift) = (0, 0);
            while (content[at] >= 0x80)
            {
                length |= (content[at++] & 0x7F) << shift;
                shift += 7;
            }

            length |= content[at++] << shift;
            parts.Add(content.AsMemory(at, length));
            at += length;
        }

        return parts;
    }
}
