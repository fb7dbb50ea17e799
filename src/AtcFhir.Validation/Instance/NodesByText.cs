using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>
/// Nodes of one document by a text of theirs: a full URL, an id, a linkId. The texts stand one behind the other in one array, so nothing is made for each of
/// them, and the arrays serve one run after the other. Texts are hashed as strings are: nobody outside can make them collide.
/// </summary>
internal sealed class NodesByText
{
    /// <summary>Longer arrays are not kept for the next run.</summary>
    private const int KeptAtMost = 16_384;

    private char[] characters = new char[1024];
    private Entry[] entries = new Entry[16];

    /// <summary>The number, counted from 1, of the last entry with a hash of that place; 0 where there is none.</summary>
    private int[] places = new int[16];

    private ResourceDocument? document;
    private int used;

    /// <summary>How many different texts there are.</summary>
    public int Count { get; private set; }

    /// <summary>The nodes of that text.</summary>
    public NodeMatches this[ReadOnlySpan<char> text] => Find(text) is var number and >= 0 ? new NodeMatches(document!.NodeAt(entries[number].First), entries[number].Nodes) : default;

    public bool Contains(ReadOnlySpan<char> text) => Find(text) >= 0;

    /// <summary>The number of the text, from 0 in the order in which they came; -1 of one that is not there.</summary>
    public int Find(ReadOnlySpan<char> text) => Count == 0 ? -1 : Find(text, string.GetHashCode(text));

    /// <summary>The number of its text; <see cref="Count"/> grows by one where that is new.</summary>
    public int Add(ReadOnlySpan<char> text, Node node)
    {
        document = node.Document;
        var hash = string.GetHashCode(text);
        if (Find(text, hash) is var known and >= 0)
        {
            entries[known].Nodes++;
            return known;
        }

        Reserve(text.Length);
        text.CopyTo(characters.AsSpan(used));
        ref var place = ref places[hash & (places.Length - 1)];
        entries[Count] = new Entry { Hash = hash, Before = place, Start = used, Length = text.Length, First = node.Index, Nodes = 1 };
        used += text.Length;
        place = ++Count;
        return Count - 1;
    }

    /// <summary>Forgets all of it; of what was large the arrays too.</summary>
    public void Clear()
    {
        places.AsSpan().Clear();
        (document, Count, used) = (null, 0, 0);
        if (characters.Length > KeptAtMost || entries.Length > KeptAtMost)
        {
            (characters, entries, places) = (new char[1024], new Entry[16], new int[16]);
        }
    }

    private int Find(ReadOnlySpan<char> text, int hash)
    {
        for (var number = places[hash & (places.Length - 1)] - 1; number >= 0; number = entries[number].Before - 1)
        {
            ref readonly var entry = ref entries[number];
            if (entry.Hash == hash && text.SequenceEqual(characters.AsSpan(entry.Start, entry.Length)))
            {
                return number;
            }
        }

        return -1;
    }

    private void Reserve(int length)
    {
        if (used + length > characters.Length)
        {
            Array.Resize(ref characters, Math.Max(2 * characters.Length, used + length));
        }

        if (Count < entries.Length)
        {
            return;
        }

        Array.Resize(ref entries, 2 * entries.Length);
        places = new int[entries.Length];
        for (var number = 0; number < Count; number++)
        {
            ref var place = ref places[entries[number].Hash & (places.Length - 1)];
            (entries[number].Before, place) = (place, number + 1);
        }
    }

    private struct Entry
    {
        public int Hash;
        public int Before;
        public int Start;
        public int Length;
        public int First;
        public int Nodes;
    }
}

/// <summary>How many nodes there are, and the first of them.</summary>
internal readonly record struct NodeMatches(Node First, int Count);
