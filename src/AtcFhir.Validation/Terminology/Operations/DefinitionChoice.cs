namespace AtcFhir.Validation.Terminology.Operations;

/// <summary>Which ValueSet, CodeSystem or ConceptMap an operation is about: one that is known by its canonical, or one that comes along.</summary>
/// <param name="Url">Canonical, perhaps with |version.</param>
/// <param name="Version">Business version; null takes the newest.</param>
/// <param name="Json">The resource itself; empty when it is named by <paramref name="Url"/>.</param>
public sealed record DefinitionChoice(string? Url, string? Version = null, ReadOnlyMemory<byte> Json = default)
{
    /// <summary>url|version.</summary>
    public string? Canonical => Url is null || Version is null || Url.Contains('|', StringComparison.Ordinal) ? Url : $"{Url}|{Version}";
}
