using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Trial.Study;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Trial;

/// <summary>The validator that knows the embedded study package.</summary>
internal static class TrialValidation
{
    private static readonly Validator Validator = new(ConformanceSource.Official.With(StudyPackage.Embedded.Package));

    /// <summary>Errors of a resource against R4, its meta.profile and the profile asked for.</summary>
    public static IReadOnlyList<Issue> Errors(byte[] json, string? profile = null)
        => [.. Validator.Validate(ResourceDocument.Parse(json).Value, profile is null ? null : ValidateRequest.For(profile)).Issues.Where(issue => issue.IsError)];
}
