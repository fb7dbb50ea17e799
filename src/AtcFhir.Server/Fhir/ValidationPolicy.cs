using AtcFhir.Validation;

namespace AtcFhir.Server.Fhir;

/// <summary>What happens to a write that breaks a rule. Configuration <c>Validation:OnWrite</c>.</summary>
internal enum ValidationMode
{
    /// <summary>Answered with 422 (400 when its structure is broken), not stored.</summary>
    Enforce,

    /// <summary>Stored unless its structure is broken; what was found is in the OperationOutcome of the answer, where one is asked for.</summary>
    Warn,

    /// <summary>Stored as long as it can be read as a resource of the type.</summary>
    Off,
}

/// <summary>What becomes of an extension whose definition is not known. Configuration <c>Validation:Extensions</c>.</summary>
internal enum ExtensionPolicy
{
    /// <summary>A warning: "Applications should not reject resources merely because they contain extensions". <see href="https://hl7.org/fhir/R4/extensibility.html"/></summary>
    Any,

    /// <summary>An error, for a closed exchange.</summary>
    Known,
}

/// <summary>How an endpoint validates: what it does with writes, for all types and for single ones, and what is accepted.</summary>
internal sealed record ValidationPolicy
{
    public ValidationMode Default { get; init; } = ValidationMode.Enforce;

    /// <summary>By resource type.</summary>
    public IReadOnlyDictionary<string, TypePolicy> Types { get; init; } = new Dictionary<string, TypePolicy>();

    public IReadOnlyList<Suppression> Suppressions { get; init; } = [];

    public BestPractice BestPractice { get; init; } = BestPractice.Off;

    public ExtensionPolicy Extensions { get; init; } = ExtensionPolicy.Any;

    public ValidationMode OnWrite(string type) => Types.GetValueOrDefault(type)?.OnWrite ?? Default;

    /// <summary>What a resource of the type is checked against, besides what is asked for.</summary>
    /// <param name="catalogue">The profile that the trial's catalogue names for it, or null.</param>
    public ValidateRequest Request(string type, string? catalogue, IEnumerable<string> asked, ValidateMode mode)
    {
        var own = Types.GetValueOrDefault(type);
        var isBaseOnly = own?.BaseOnly == true;
        IEnumerable<string> usual = isBaseOnly || catalogue is null ? [] : [catalogue];
        return new ValidateRequest(
            [.. asked.Concat(usual).Concat(own?.Profiles ?? []).Distinct()],
            mode,
            BestPractice: BestPractice,
            CheckMetaProfiles: !isBaseOnly,
            Suppressions: Suppressions,
            KnownExtensionsOnly: Extensions == ExtensionPolicy.Known);
    }
}

/// <param name="OnWrite">Null takes that of all types.</param>
/// <param name="BaseOnly">True leaves out meta.profile and the catalogue: the base definition and <paramref name="Profiles"/> remain.</param>
/// <param name="Profiles">Canonicals that every resource of the type has to conform to.</param>
internal sealed record TypePolicy(ValidationMode? OnWrite, bool BaseOnly, IReadOnlyList<string> Profiles);
