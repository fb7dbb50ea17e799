using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AtcFhir.Validation.Instance;

// Tags without attributes, which most are: 64 bytes at a time, and no branch tells an opening tag from a closing one.
internal ref partial struct PlainNarrative
{
    private const int BlockBytes = 64;

    /// <summary>Goes from tag to tag up to near the end, or to what needs a closer look; the rest is left to <see cref="Step"/>.</summary>
    /// <returns>False when the other reader has to look.</returns>
    private bool PlainTags()
    {
        ref var start = ref MemoryMarshal.GetReference(text);
        var (here, level) = (at, depth);
        // A name is read as eight bytes, so that many stand behind the last tag of a block.
        var last = text.Length - BlockBytes - 1 - sizeof(ulong);
        for (var block = here; block <= last; block += BlockBytes)
        {
            var markup = Look(ref Unsafe.Add(ref start, block), out var oddEscapes);
            if (oddEscapes)
            {
                break;
            }

            for (; markup != 0; markup &= markup - 1)
            {
                var tag = block + System.Numerics.BitOperations.TrailingZeroCount(markup);
                if (tag < here)
                {
                    // Inside of the attributes of the one before.
                    continue;
                }

                var bytes = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, tag + 1));
                var isClosing = (byte)bytes == (byte)'/' ? 1 : 0;
                bytes >>= isClosing * 8;
                var brackets = BytesEqualTo(bytes, (byte)'>');
                var bits = System.Numerics.BitOperations.TrailingZeroCount(brackets) & ~7;
                var name = bytes & ((1UL << (bits & 63)) - 1);
                var above = open[level - 1];
                open[level] = name;
                if (Unsafe.Add(ref start, tag) == (byte)'<' && brackets != 0 && (isClosing != 0 ? name == above : IsElement(name)))
                {
                    here = tag + 2 + isClosing + (bits >> 3);
                    level += 1 - (2 * isClosing);
                    if (level is > 0 and < MaxDepth)
                    {
                        continue;
                    }

                    (at, depth) = (here, level);
                    return level == 0;
                }

                (at, depth) = (tag, level);
                if (!Step())
                {
                    return false;
                }

                (here, level) = (at, depth);
                if (level is 0 or MaxDepth)
                {
                    return level == 0;
                }
            }
        }

        (at, depth) = (here, level);
        return true;
    }

    /// <summary>Where &lt; and &amp; stand among 64 bytes, as bits; and whether an escape there is another than those of quotes, slashes and white space.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Look(ref byte bytes, out bool oddEscapes)
    {
        var (first, second) = (Vector256.LoadUnsafe(ref bytes), Vector256.LoadUnsafe(ref bytes, 32));
        var odd = OddEscapes(first, Vector256.LoadUnsafe(ref bytes, 1)) | OddEscapes(second, Vector256.LoadUnsafe(ref bytes, 33));
        oddEscapes = odd != Vector256<byte>.Zero;
        return Markup(first) | ((ulong)Markup(second) << 32);
    }

    private static uint Markup(Vector256<byte> bytes)
        => (Vector256.Equals(bytes, Vector256.Create((byte)'<')) | Vector256.Equals(bytes, Vector256.Create((byte)'&'))).ExtractMostSignificantBits();

    private static Vector256<byte> OddEscapes(Vector256<byte> bytes, Vector256<byte> next)
    {
        var usual = Vector256.Equals(next, Vector256.Create((byte)'n')) | Vector256.Equals(next, Vector256.Create((byte)'"')) | Vector256.Equals(next, Vector256.Create((byte)'t'))
            | Vector256.Equals(next, Vector256.Create((byte)'r')) | Vector256.Equals(next, Vector256.Create((byte)'/'));
        return Vector256.AndNot(Vector256.Equals(bytes, Vector256.Create((byte)'\\')), usual);
    }
}
