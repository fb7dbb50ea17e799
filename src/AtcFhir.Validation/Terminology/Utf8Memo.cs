using System.Numerics;
using System.Runtime.InteropServices;

namespace AtcFhir.Validation.Terminology;

/// <summary>
/// Remembers answers by the UTF-8 text that was asked about, so that what comes again and again (codings, canonicals) is worked out once and then
/// found without making a string. It only ever forgets to remember: when it is full, or a text is long, the answer is worked out anew.
/// Safe for any number of threads.
/// </summary>
internal sealed class Utf8Memo<T>(int slotCount)
{
    public const int LongestKey = 512;

    /// <summary>Input that is made to collide cannot make a look-up long.</summary>
    private const int MaxProbes = 8;

    private readonly Slot[] slots = new Slot[BitOperations.RoundUpToPowerOf2((uint)slotCount)];

    public bool TryGet(ReadOnlySpan<byte> key, out T? answer)
    {
        var hash = Hash(key);
        for (var probe = 0; probe < MaxProbes; probe++)
        {
            ref var slot = ref SlotAt(hash, probe);
            if (slot.Hash == 0)
            {
                break;
            }

            if (slot.Hash == hash && Volatile.Read(ref slot.Key) is { } known && key.SequenceEqual(known))
            {
                answer = slot.Answer;
                return true;
            }
        }

        answer = default;
        return false;
    }

    public void Add(ReadOnlySpan<byte> key, T answer)
    {
        if (key.Length > LongestKey)
        {
            return;
        }

        var hash = Hash(key);
        for (var probe = 0; probe < MaxProbes; probe++)
        {
            ref var slot = ref SlotAt(hash, probe);
            if (Interlocked.CompareExchange(ref slot.Hash, hash, 0) == 0)
            {
                // Who reads in between finds no key and works the answer out anew.
                slot.Answer = answer;
                Volatile.Write(ref slot.Key, key.ToArray());
                return;
            }
        }
    }

    private ref Slot SlotAt(uint hash, int probe) => ref slots[(int)(hash + (uint)probe) & (slots.Length - 1)];

    /// <summary>Never 0, which a free slot has.</summary>
    private static uint Hash(ReadOnlySpan<byte> key)
    {
        const ulong Prime = 0x9E3779B97F4A7C15UL;
        var hash = (ulong)(uint)key.Length;
        if (key.Length >= sizeof(ulong))
        {
            // The last eight bytes may overlap the ones before; that is cheaper than going on byte by byte.
            var last = MemoryMarshal.Read<ulong>(key[^sizeof(ulong)..]);
            for (; key.Length > sizeof(ulong); key = key[sizeof(ulong)..])
            {
                hash = (ulong.RotateLeft(hash, 5) ^ MemoryMarshal.Read<ulong>(key)) * Prime;
            }

            hash = (ulong.RotateLeft(hash, 5) ^ last) * Prime;
        }
        else
        {
            foreach (var b in key)
            {
                hash = (ulong.RotateLeft(hash, 5) ^ b) * Prime;
            }
        }

        return ((uint)(hash >> 32) ^ (uint)(hash >> 11)) | 1U << 31;
    }

    /// <summary>All of it stands here, so that a question looks at two places of the memory: this one and the key.</summary>
    private struct Slot
    {
        public uint Hash;
        public byte[]? Key;
        public T? Answer;
    }
}
