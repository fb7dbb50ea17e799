using System.Buffers.Binary;

namespace AtcFhir.Store.Values;

/// <summary>
/// UUIDs of version 7 from an injected clock and entropy, rising within the process: the index of ids grows at its right edge.
/// <see href="https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7"/>
/// </summary>
internal sealed class Uuid7(TimeProvider time, Entropy entropy)
{
    private const int CounterBits = 12;

    private readonly Lock gate = new();
    private long last;

    public string Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        entropy(bytes);
        long stamp;
        lock (gate)
        {
            // Milliseconds and, below them, a counter: one value that only grows.
            stamp = last = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds() << CounterBits, last + 1);
        }

        BinaryPrimitives.WriteInt64BigEndian(bytes, stamp << 4);
        bytes[6] = (byte)(0x70 | ((stamp >> 8) & 0x0F));
        bytes[7] = (byte)stamp;
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true).ToString("D");
    }
}
