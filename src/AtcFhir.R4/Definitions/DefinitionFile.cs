using System.IO.Compression;

namespace AtcFhir.R4.Definitions;

/// <summary>
/// One of the embedded, compressed files of this folder. Its content is held only as long as somebody reads it: what was decoded stays, the bytes that it was
/// decoded from go with the next collection of old memory, and are decompressed anew (some 10 ms) when more of them is asked for.
/// </summary>
internal sealed class DefinitionFile(string name)
{
    // Below the size of large objects, which are collected late.
    private const int PieceLength = 64 * 1024;

    private readonly Lock reading = new();
    private readonly WeakReference<byte[]> content = new(null!);

    /// <summary>The whole content.</summary>
    public ReadOnlyMemory<byte> Read()
    {
        if (content.TryGetTarget(out var known))
        {
            return known;
        }

        lock (reading)
        {
            if (!content.TryGetTarget(out known))
            {
                content.SetTarget(known = Decompress());
            }

            return known;
        }
    }

    /// <summary>Where the parts of a content that was joined of several lie, each behind its length.</summary>
    public static Range[] Split(ReadOnlySpan<byte> content)
    {
        var count = 0;
        for (var at = 0; at < content.Length; count++)
        {
            Next(content, ref at);
        }

        var parts = new Range[count];
        for (var (i, at) = (0, 0); i < count; i++)
        {
            parts[i] = Next(content, ref at);
        }

        return parts;
    }

    private static Range Next(ReadOnlySpan<byte> content, ref int at)
    {
        var length = CompactReader.Number(content, ref at);
        var start = at;
        at += length;
        return start..at;
    }

    /// <summary>Piece by piece into an array of the right size: a stream that grows by doubling leaves three times the content behind.</summary>
    private byte[] Decompress()
    {
        using var stream = typeof(DefinitionFile).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The file {name} is not in the assembly.");
        using var brotli = new BrotliStream(stream, CompressionMode.Decompress);
        var (pieces, total) = (new List<byte[]>(), 0);
        for (var read = PieceLength; read == PieceLength; total += read)
        {
            var piece = new byte[PieceLength];
            read = brotli.ReadAtLeast(piece, PieceLength, throwOnEndOfStream: false);
            pieces.Add(piece);
        }

        var whole = new byte[total];
        for (var i = 0; i < pieces.Count; i++)
        {
            pieces[i].AsSpan(0, Math.Min(PieceLength, total - (i * PieceLength))).CopyTo(whole.AsSpan(i * PieceLength));
        }

        return whole;
    }
}
