using System.Numerics;
using System.Runtime.CompilerServices;
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

    /// <param name="scope">What the answer is about besides the text; compared by reference.</param>
    public bool TryGet(object? scope, ReadOnlySpan<byte> key, out T? answer)
    {
        var hash = Hash(scope, key);
        for (var probe = 0; probe < MaxProbes; probe++)
        {
            ref var slot = ref SlotAt(hash, probe);
            if (Volatile.Read(ref slot.Entry) is not { } entry)
            {
                break;
            }

            if (slot.Hash == hash && ReferenceEquals(entry.Scope, scope) && key.SequenceEqual(entry.Key))
            {
                answer = entry.Answer;
                return true;
            }
        }

        answer = default;
        return false;
    }

    public void Add(object? scope, ReadOnlySpan<byte> key, T answer)
    {
        if (key.Length > LongestKey)
        {
            return;
        }

        var hash = Hash(scope, key);
        var entry = new Entry(scope, key.ToArray(), answer);
        for (var probe = 0; probe < MaxProbes; probe++)
        {
            ref var slot = ref SlotAt(hash, probe);
            if (Interlocked.CompareExchange(ref slot.Entry, entry, null) is null)
            {
                // Who reads in between sees another hash and works the answer out anew.
                Volatile.Write(ref slot.Hash, hash);
                return;
            }
        }
    }

    private ref Slot SlotAt(uint hash, int probe) => ref slots[(int)(hash + (uint)probe) & (slots.Length - 1)];

    private static uint Hash(object? scope, ReadOnlySpan<byte> key)
    {
        const ulong Prime = 0x9E3779B97F4A7C15UL;
        var hash = ((ulong)(uint)RuntimeHelpers.GetHashCode(scope) << 32) | (uint)key.Length;
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

        return (uint)(hash >> 32) ^ (uint)(hash >> 11);
    }

    /// <summary>The hash stands here too, so that what lies in the way of another text is passed by without looking at it.</summary>
    private struct Slot
    {
        public Entry? Entry;
        public uint Hash;
    }

    private sealed record Entry(object? Scope, byte[] Key, T Answer);
}
