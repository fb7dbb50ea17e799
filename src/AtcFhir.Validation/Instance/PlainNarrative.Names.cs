using System.Buffers.Binary;
using System.Text;

namespace AtcFhir.Validation.Instance;

// Names of elements as numbers.
internal ref partial struct PlainNarrative
{
    /// <summary>A longer name is left to the other reader.</summary>
    private const int LongestName = 10;
    private const ulong Spread = 0x9E3779B97F4A7C15UL;
    private const int ElementSlots = 128;

    /// <summary>Names of elements by hash, each as a number; 0 where there is none.</summary>
    private static readonly ulong[] Elements = Numbered(XhtmlVocabulary.Elements);

    private static ulong[] Numbered(IReadOnlyList<string> names)
    {
        var slots = new ulong[ElementSlots];
        foreach (var name in names)
        {
            var number = Number(Encoding.ASCII.GetBytes(name));
            var slot = Slot(number);
            while (slots[slot] != 0)
            {
                slot = (slot + 1) % ElementSlots;
            }

            slots[slot] = number;
        }

        return slots;
    }

    /// <summary>A name as a number that no other name has: up to seven bytes as they are, ten letters as digits. 0 of any other name.</summary>
    private static ulong Number(ReadOnlySpan<byte> name)
    {
        var number = 0UL;
        if (name.Length < sizeof(ulong))
        {
            for (var i = name.Length - 1; i >= 0; i--)
            {
                number = (number << 8) | name[i];
            }

            return number;
        }

        foreach (var letter in name)
        {
            if (name.Length > LongestName || letter is < (byte)'a' or > (byte)'z')
            {
                return 0;
            }

            number = (number << 5) | (uint)(letter - 'a' + 1);
        }

        return number | (1UL << 63);
    }

    private static uint Slot(ulong number) => (uint)((number * Spread) >> 57);

    private static bool IsElement(ulong number)
    {
        var slots = Elements;
        for (var slot = Slot(number); slots[slot] is var known and not 0; slot = (slot + 1) % ElementSlots)
        {
            if (known == number)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What stands before a bracket that is near, as the number of a name; 0 when it is none, or not near. Most tags have no attributes.</summary>
    private ulong ReadUpToBracket()
    {
        if (text.Length - at < sizeof(ulong))
        {
            return 0;
        }

        var bytes = BinaryPrimitives.ReadUInt64LittleEndian(text[at..]);
        var brackets = BytesEqualTo(bytes, (byte)'>');
        if (brackets == 0)
        {
            return 0;
        }

        var bits = System.Numerics.BitOperations.TrailingZeroCount(brackets) & ~7;
        at += bits / 8;
        return bytes & ((1UL << bits) - 1);
    }

    /// <summary>The lowest bit that is set stands in the first byte that is the wanted one; those above it may be wrong.</summary>
    private static ulong BytesEqualTo(ulong bytes, byte wanted)
    {
        const ulong EachByte = 0x0101010101010101UL;
        var differing = bytes ^ (EachByte * wanted);
        return (differing - EachByte) & ~differing & (EachByte << 7);
    }
}
