using AtcFhir.R4.Documents;
using AtcFhir.Validation.Terminology.Remote;

namespace AtcFhir.Validation;

/// <summary>What the resource is about to be used for. <see href="https://hl7.org/fhir/R4/valueset-resource-validation-mode.html"/></summary>
public enum ValidateMode
{
    None,
    Create,
    Update,
    Delete,
}

/// <summary>How loudly rules that are good practice, but not part of the standard's constraints, speak.</summary>
public enum BestPractice
{
    Off,
    Information,
    Warning,
    Error,
}

/// <summary>
/// What a validation is asked for besides the base definition of the type, which always applies.
/// </summary>
/// <param name="Profiles">Canonical URLs, perhaps with |version, that the resource has to conform to; those of meta.profile need not be repeated.</param>
/// <param name="Mode">Adds the rules of create, update or delete.</param>
/// <param name="Resolve">Finds the resource that a reference (as written, without fragment) names outside the document; null means unknown, which is not an error.</param>
/// <param name="BestPractice">Severity of best-practice rules.</param>
/// <param name="CheckMetaProfiles">Whether known profiles of meta.profile apply.</param>
/// <param name="Suppressions">Findings that are known and accepted; they are listed as information, with the reason.</param>
/// <param name="MaxIssues">Findings beyond are counted in one last issue.</param>
/// <param name="NoteMustSupport">Tells, as information, which elements that a profile marks as must support are absent.</param>
/// <param name="LintProfiles">Compiles a StructureDefinition that is validated, and tells what is wrong with it as a profile.</param>
/// <param name="KnownExtensionsOnly">Makes an extension whose definition is not known an error. R4 asks nobody to refuse it; a closed exchange may. Those that HL7 adds for everyone stay a warning.</param>
public sealed record ValidateRequest(
    IReadOnlyList<string>? Profiles = null,
    ValidateMode Mode = ValidateMode.None,
    Func<string, ResourceDocument?>? Resolve = null,
    BestPractice BestPractice = BestPractice.Off,
    bool CheckMetaProfiles = true,
    IReadOnlyList<Suppression>? Suppressions = null,
    int MaxIssues = 500,
    bool NoteMustSupport = false,
    bool LintProfiles = false,
    bool KnownExtensionsOnly = false)
{
    public static ValidateRequest Default { get; } = new();

    /// <summary>Answers of a terminology server about codes that are not known here; null asks nobody. See <see cref="RemoteValidation"/>.</summary>
    public CodeAnswers? Answers { get; init; }

    /// <summary>The base definition, meta.profile and this profile.</summary>
    public static ValidateRequest For(string profile) => new([profile]);
}
