using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>Leads from an issue to the page of its rule, which this process serves at <c>/rules/{rule}</c>.</summary>
internal static class RuleLinks
{
    /// <param name="root">"https://trial.example", without a slash at its end; null where it is not known how the outside reaches us.</param>
    public static IReadOnlyList<Issue> Add(IReadOnlyList<Issue> issues, string? root)
        => root is null ? issues : [.. issues.Select(issue => issue.Rule is { } rule ? issue with { Diagnostics = Joined(issue.Diagnostics, $"see {root}/rules/{rule}") } : issue)];

    private static string Joined(string? diagnostics, string link) => diagnostics is null ? link : $"{diagnostics}; {link}";
}
