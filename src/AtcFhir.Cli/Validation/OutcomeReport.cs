using AtcFhir.R4.Outcomes;

namespace AtcFhir.Cli.Validation;

/// <summary>One OperationOutcome for the whole run; with several resources each issue's diagnostics starts with the resource's name.</summary>
internal sealed class OutcomeReport(Stream output) : ValidationReport
{
    private readonly List<(string Name, Issue Issue)> issues = [];
    private int resources;

    public override void Add(Validated validated)
    {
        resources++;
        issues.AddRange(validated.Issues.Select(issue => (validated.Input.Name, issue)));
    }

    public override void End()
    {
        var all = issues.Select(found => resources == 1
            ? found.Issue
            : found.Issue with { Diagnostics = found.Issue.Diagnostics is { } diagnostics ? $"{found.Name}: {diagnostics}" : found.Name });
        output.Write(OperationOutcomeJson.ToUtf8([.. all]));
        output.Write("\n"u8);
    }
}
