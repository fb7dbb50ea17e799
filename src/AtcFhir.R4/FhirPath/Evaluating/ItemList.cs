namespace AtcFhir.R4.FhirPath.Evaluating;

/// <summary>A collection while it is being made; rented from and given back to the <see cref="Evaluation"/>, so that its array lives on.</summary>
internal sealed class ItemList
{
    private const int KeptAtMost = 4096;

    private FhirPathItem[] items = new FhirPathItem[8];

    public int Count { get; private set; }

    /// <summary>False when it has grown so large that its memory should not be held on to.</summary>
    public bool IsWorthKeeping => items.Length <= KeptAtMost;

    public ref readonly FhirPathItem this[int index] => ref items[index];

    public ReadOnlySpan<FhirPathItem> Span => items.AsSpan(0, Count);

    public void Add(FhirPathItem item)
    {
        if (Count == items.Length)
        {
            Array.Resize(ref items, Count * 2);
        }

        items[Count++] = item;
    }

    /// <summary>Adds the item unless it is "no item".</summary>
    public void AddIfAny(FhirPathItem item)
    {
        if (item.Kind != FhirPathKind.None)
        {
            Add(item);
        }
    }

    public void AddRange(ReadOnlySpan<FhirPathItem> range)
    {
        foreach (ref readonly var item in range)
        {
            Add(item);
        }
    }

    /// <summary>Empties the list; nothing of the documents that it showed stays referenced.</summary>
    public void Clear()
    {
        Array.Clear(items, 0, Count);
        Count = 0;
    }

}
