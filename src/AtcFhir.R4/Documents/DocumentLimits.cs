namespace AtcFhir.R4.Documents;

/// <summary>Bounds on what is read at all.</summary>
/// <param name="MaxBytes">Longer input is refused before it is parsed.</param>
/// <param name="MaxDepth">Deepest nesting of JSON objects and arrays.</param>
/// <param name="MaxIssues">The issues beyond are counted, not listed.</param>
public sealed record DocumentLimits(int MaxBytes = 64 * 1024 * 1024, int MaxDepth = 64, int MaxIssues = 200)
{
    public static DocumentLimits Default { get; } = new();
}
