using System.Buffers;

namespace AtcFhir.Store.Writing;

/// <summary>Numbers in as few bytes as they need: zigzag, then seven bits a byte.</summary>
internal static class Varint
{
    private const int Longest = 10;

    public static void Write(ArrayBufferWriter<byte> target, long value)
    {
        var rest = (ulong)((value << 1) ^ (value >> 63));
        var span = target.GetSpan(Longest);
        var length = 0;
        while (rest >= 0x80)
        {
            span[length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        span[length++] = (byte)rest;
        target.Advance(length);
    }

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
}
