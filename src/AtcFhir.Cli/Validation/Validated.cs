using AtcFhir.Cli.Inputs;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Cli.Validation;

/// <summary>A resource and what was found in it.</summary>
internal sealed record Validated(InputResource Input, IReadOnlyList<Issue> Issues)
{
    public bool IsValid { get; } = !Issues.Any(issue => issue.IsError);
}
