using System.Buffers;
using System.Numerics;

namespace AtcFhir.Store.Writing;

/// <summary>Numbers in as few bytes as they need: zigzag, then seven bits a byte.</summary>
internal static class Varint
{
    private const int Longest = 10;

    public static void Write(ArrayBufferWriter<byte> target, long value) => target.Advance(Write(target.GetSpan(Longest), value));

    /// <returns>How many bytes were written.</returns>
    public static int Write(Span<byte> target, long value)
    {
        var rest = Zigzag(value);
        var length = 0;
        while (rest >= 0x80)
        {
            target[length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        target[length++] = (byte)rest;
        return length;
    }

    /// <summary>How many bytes the number takes.</summary>
    public static int Length(long value) => (BitOperations.Log2(Zigzag(value) | 1) / 7) + 1;

    public static long Read(ref ReadOnlySpan<byte> source)
    {
        var (value, shift, at) = (0UL, 0, 0);
        while (source[at] >= 0x80)
        {
            value |= (ulong)(source[at++] & 0x7F) << shift;
            shift += 7;
        }

        value |= (ulong)source[at++] << shift;
        source = source[at..];
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private static ulong Zigzag(long value) => (ulong)((value << 1) ^ (value >> 63));
}
