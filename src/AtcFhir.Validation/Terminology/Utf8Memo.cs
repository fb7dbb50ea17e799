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

    private readonly Entry?[] slots = new Entry?[slotCount];

    /// <param name="scope">What the answer is about besides the text; compared by reference.</param>
    public bool TryGet(object? scope, ReadOnlySpan<byte> key, out T? answer)
    {
        var hash = Hash(scope, key);
        for (var probe = 0; probe < MaxProbes; probe++)
        {
            if (Volatile.Read(ref slots[(hash + (uint)probe) % (uint)slots.Length]) is not { } entry)
            {
                break;
            }

            if (entry.Hash == hash && ReferenceEquals(entry.Scope, scope) && key.SequenceEqual(entry.Key))
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
        var entry = new Entry(scope, key.ToArray(), hash, answer);
        for (var probe = 0; probe < MaxProbes; probe++)
        {
            if (Interlocked.CompareExchange(ref slots[(hash + (uint)probe) % (uint)slots.Length], entry, null) is null)
            {
                return;
            }
        }
    }

    private static uint Hash(object? scope, ReadOnlySpan<byte> key)
    {
        const ulong Prime = 0x9E3779B97F4A7C15UL;
        var hash = ((ulong)(uint)RuntimeHelpers.GetHashCode(scope) << 32) | (uint)key.Length;
        while (key.Length >= sizeof(ulong))
        {
            hash = (ulong.RotateLeft(hash, 5) ^ MemoryMarshal.Read<ulong>(key)) * Prime;
            key = key[sizeof(ulong)..];
        }

        foreach (var b in key)
        {
            hash = (ulong.RotateLeft(hash, 5) ^ b) * Prime;
        }

        return (uint)(hash >> 32) ^ (uint)(hash >> 11);
    }

    private sealed record Entry(object? Scope, byte[] Key, uint Hash, T Answer);
}
