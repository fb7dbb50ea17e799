namespace AtcFhir.Validation.Terminology.Operations;

/// <summary>One code of an expansion.</summary>
internal sealed class ExpandedCode
{
    public required string? System { get; init; }

    public string? Version { get; init; }

    public required string Code { get; init; }

    public string? Display { get; init; }

    public IReadOnlyList<Designation> Designations { get; init; } = [];

    public bool IsAbstract { get; init; }

    public bool IsInactive { get; init; }

    /// <summary>Codes right above, in a code system that is taken by its hierarchy; a list of codes is flat.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>What is shown below it.</summary>
    public List<ExpandedCode> Children { get; } = [];
}

/// <summary>The codes of a value set, before they are written.</summary>
/// <param name="Total">All of them, whatever page is shown.</param>
/// <param name="Shown">The page, or the roots of the tree.</param>
/// <param name="UsedVersions">system|version of each code system that was looked into.</param>
internal sealed record Expansion(CompiledValueSet Set, int Total, IReadOnlyList<ExpandedCode> Shown, IReadOnlyList<string> UsedVersions);
