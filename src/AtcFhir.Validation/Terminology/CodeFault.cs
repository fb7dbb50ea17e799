using AtcFhir.R4.Outcomes;

namespace AtcFhir.Validation.Terminology;

/// <summary>A finding about a code, without the place where it was found.</summary>
/// <param name="Child">The element of the coding that it is about; null for the coding itself.</param>
internal sealed record CodeFault(ValidationRule Rule, string Text, IssueSeverity? Severity = null, string? Child = null)
{
    /// <summary>The system that is not known; then it is said once in a document.</summary>
    public string? UnknownSystem { get; init; }
}
