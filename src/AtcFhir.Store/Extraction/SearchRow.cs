namespace AtcFhir.Store.Extraction;

/// <summary>One value of a resource in the index. <see cref="Group"/> is the repetition of the outer element, see <see cref="Search.CompositeBranch"/>.</summary>
internal abstract record SearchRow(IndexedPath Path, int Group);

/// <param name="Code">Folded: tokens are compared without case. Empty for a concept that has text only.</param>
/// <param name="Text">Folded display texts, one a line, for :text; null without.</param>
internal sealed record TokenRow(IndexedPath Path, int Group, string System, string Code, string? Text) : SearchRow(Path, Group);

/// <summary>See <see cref="Values.LocalReference"/>; all empty for a reference that names no target outside of the resource.</summary>
internal sealed record ReferenceRow(IndexedPath Path, int Group, string Type, string Id, string Version) : SearchRow(Path, Group);

/// <summary>Ticks, see <see cref="Values.TimeRange"/>.</summary>
internal sealed record DateRow(IndexedPath Path, int Group, long From, long To) : SearchRow(Path, Group);

/// <param name="Folded">For the comparison without case and accents.</param>
/// <param name="Exact">The text as it is written; empty when it equals the folded one.</param>
internal sealed record StringRow(IndexedPath Path, int Group, string Folded, string Exact) : SearchRow(Path, Group);

/// <param name="Unit">The unit as a person reads it, or empty.</param>
internal sealed record QuantityRow(IndexedPath Path, int Group, string System, string Code, string Unit, byte[] Key) : SearchRow(Path, Group);

internal sealed record NumberRow(IndexedPath Path, int Group, byte[] Key) : SearchRow(Path, Group);

internal sealed record UriRow(IndexedPath Path, string Uri) : SearchRow(Path, 0);

/// <summary>A code-like value in the compartment of a patient.</summary>
internal sealed record CompartmentRow(IndexedPath Path, string Patient, string System, string Code) : SearchRow(Path, 0);
