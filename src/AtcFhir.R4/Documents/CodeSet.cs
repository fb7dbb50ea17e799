using System.Text;

namespace AtcFhir.R4.Documents;

/// <summary>A fixed set of codes, looked up by their UTF-8 text without allocating.</summary>
internal sealed class CodeSet
{
    private readonly byte[]?[] slots;

    public CodeSet(IReadOnlyList<string> codes)
    {
        slots = new byte[]?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, codes.Count * 2))];
        foreach (var code in codes)
        {
            var utf8 = Encoding.UTF8.GetBytes(code);
            if (Contains(utf8))
            {
                continue;
            }

            var slot = Slot(utf8);
            while (slots[slot] is not null)
            {
                slot = (slot + 1) & (slots.Length - 1);
            }

            slots[slot] = utf8;
        }
    }

    public bool Contains(ReadOnlySpan<byte> code)
    {
        for (var slot = Slot(code); slots[slot] is { } known; slot = (slot + 1) & (slots.Length - 1))
        {
            if (code.SequenceEqual(known))
            {
                return true;
            }
        }

        return false;
    }

    private int Slot(ReadOnlySpan<byte> code)
    {
        var hash = 2166136261u;
        foreach (var b in code)
        {
            hash = (hash ^ b) * 16777619u;
        }

        return (int)(hash ^ (hash >> 15)) & (slots.Length - 1);
    }
}
