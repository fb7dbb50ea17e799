using AtcFhir.Server.Fhir;
using AtcFhir.Validation;

namespace AtcFhir.Server.Hosting;

/// <summary>Section <c>Validation</c>.</summary>
internal sealed class ValidationSection
{
    /// <summary>What happens to a write that breaks a rule.</summary>
    public ValidationMode OnWrite { get; set; } = ValidationMode.Enforce;

    /// <summary>How loudly recommendations of the standard speak.</summary>
    public BestPractice BestPractice { get; set; } = BestPractice.Off;

    /// <summary>Whether an extension whose definition is not known is a warning (Any) or an error (Known).</summary>
    public ExtensionPolicy Extensions { get; set; } = ExtensionPolicy.Any;

    /// <summary>Findings that are accepted.</summary>
    public SuppressionSection[] Suppress { get; set; } = [];

    /// <summary>By resource type.</summary>
    public Dictionary<string, TypeSection> Types { get; set; } = [];

    /// <summary>What is wrong with the section, or null.</summary>
    public string? Fault()
    {
        foreach (var suppression in Suppress)
        {
            if (Suppression.Of(suppression.Rule, suppression.Reason, suppression.Path) is { Failure: { } failure })
            {
                return "Validation:Suppress: " + failure.Issues[0].Text;
            }
        }

        return Types.Keys.FirstOrDefault(type => !ServedTypes.IsResourceType(type)) is { } unknown ? $"Validation:Types:{unknown} is no R4 resource type." : null;
    }

    public ValidationPolicy ToPolicy() => new()
    {
        Default = OnWrite,
        BestPractice = BestPractice,
        Extensions = Extensions,
        Suppressions = [.. Suppress.Select(each => Suppression.Of(each.Rule, each.Reason, each.Path).Value)],
        Types = Types.ToDictionary(type => type.Key, type => new TypePolicy(type.Value.OnWrite, type.Value.BaseOnly, type.Value.Profiles), StringComparer.Ordinal),
    };
}

/// <summary><c>Validation:Suppress:0</c>; the reason is not optional.</summary>
internal sealed class SuppressionSection
{
    public string? Rule { get; set; }

    public string? Reason { get; set; }

    public string? Path { get; set; }
}

/// <summary><c>Validation:Types:Observation</c>.</summary>
internal sealed class TypeSection
{
    public ValidationMode? OnWrite { get; set; }

    public bool BaseOnly { get; set; }

    public string[] Profiles { get; set; } = [];
}
