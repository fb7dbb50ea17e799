using AtcFhir.R4.Outcomes;

namespace AtcFhir.Validation.Terminology.Operations;

/// <summary>Which version of a code system an expansion takes: the forced one, that of the value set, the asked one, or the newest.</summary>
internal sealed class SystemVersions(ExpandRequest request)
{
    /// <summary>Null for the newest.</summary>
    public string? Of(string system, string? stated)
        => Find(request.ForceSystemVersions, system) ?? stated ?? Find(request.SystemVersions, system);

    public Failure? Check(string system, string? used)
        => Find(request.CheckSystemVersions, system) is { } demanded && demanded != used
            ? new Failure(FailureKind.Unprocessable, IssueCode.Conflict, $"check-system-version demands {system}|{demanded}; the expansion would use {(used is null ? "it without a version" : system + "|" + used)}.")
            : null;

    public bool IsExcluded(string system, string? used)
        => request.ExcludeSystems.Any(excluded => excluded == system || excluded == $"{system}|{used}");

    private static string? Find(IReadOnlyList<string> canonicals, string system)
        => canonicals.Where(canonical => canonical.Length > system.Length + 1 && canonical[system.Length] == '|' && canonical.StartsWith(system, StringComparison.Ordinal))
            .Select(canonical => canonical[(system.Length + 1)..]).FirstOrDefault();
}
