namespace AtcFhir.R4.FhirPath.Evaluating;

/// <summary>What $this, $index and $total are at one place; passed by reference, so a scope costs no allocation.</summary>
internal readonly struct Scope
{
    public Scope(FhirPathItem item, int index, ItemList? total = null) => (This, Index, Total) = (item, index, total);

    private Scope(ItemList all, int index, ItemList? total) => (All, Index, Total) = (all, index, total);

    public FhirPathItem This { get; }

    /// <summary>$this where it is a whole collection, in the argument of defineVariable(); otherwise null.</summary>
    public ItemList? All { get; }

    public int Index { get; }

    public ItemList? Total { get; }

    public Scope At(FhirPathItem item, int index) => new(item, index, Total);

    public Scope At(FhirPathItem item) => new(item, Index, Total);

    public Scope OnAll(ItemList items) => new(items, Index, Total);
}
