using AtcFhir.R4.Outcomes;

namespace AtcFhir.Validation;

/// <summary>What a validation found, sorted by position: those of the structure check and those of the rules.</summary>
public sealed record ValidationResult(IReadOnlyList<Issue> Issues)
{
    /// <summary>True when no issue is an error.</summary>
    public bool IsValid { get; } = !Issues.Any(issue => issue.IsError);

    public static ValidationResult Clean { get; } = new([]);
}
