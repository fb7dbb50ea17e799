namespace AtcFhir.Validation.Terminology.Remote;

/// <summary>What a validation could not tell by itself.</summary>
/// <param name="ValueSet">Canonical: is the code in it? Null asks whether it is a code of its system at all.</param>
/// <param name="Version">Of the code system; null for any.</param>
public sealed record CodeQuestion(string? ValueSet, string System, string? Version, string Code);

/// <summary>What a terminology server said.</summary>
/// <param name="Holds">Null when it could not tell either, or did not answer.</param>
/// <param name="Why">Why there is no answer, for a person.</param>
public readonly record struct CodeAnswer(bool? Holds, string? Why = null);
