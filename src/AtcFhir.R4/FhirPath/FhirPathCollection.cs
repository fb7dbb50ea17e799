using System.Collections;

namespace AtcFhir.R4.FhirPath;

/// <summary>The ordered result of an expression. The default is the empty collection.</summary>
public readonly struct FhirPathCollection : IReadOnlyList<FhirPathItem>
{
    private readonly FhirPathItem[]? items;

    public FhirPathCollection(params FhirPathItem[] items) => this.items = items;

    public static FhirPathCollection Empty => default;

    public int Count => items?.Length ?? 0;

    public bool IsEmpty => Count == 0;

    public FhirPathItem this[int index] => (items ?? [])[index];

    public ReadOnlySpan<FhirPathItem> Span => items;

    public ReadOnlySpan<FhirPathItem>.Enumerator GetEnumerator() => Span.GetEnumerator();

    IEnumerator<FhirPathItem> IEnumerable<FhirPathItem>.GetEnumerator() => ((IEnumerable<FhirPathItem>)(items ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => (items ?? []).GetEnumerator();
}
