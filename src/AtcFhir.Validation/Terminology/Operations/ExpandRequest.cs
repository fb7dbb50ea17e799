namespace AtcFhir.Validation.Terminology.Operations;

/// <summary>What $expand is asked besides the value set. <see href="https://hl7.org/fhir/R4/valueset-operation-expand.html"/></summary>
public sealed record ExpandRequest
{
    /// <summary>Words that the code or one of its displays has to contain, each of them.</summary>
    public string? Filter { get; init; }

    /// <summary>How many concepts to leave out at the beginning of a page.</summary>
    public int? Offset { get; init; }

    /// <summary>How many concepts a page has; 0 asks for the total only.</summary>
    public int? Count { get; init; }

    public bool IncludeDesignations { get; init; }

    /// <summary>Only designations of these languages or uses, each as <c>urn:ietf:bcp:47|nl</c>, <c>nl</c> or <c>system|code</c>; empty for all.</summary>
    public IReadOnlyList<string> Designations { get; init; } = [];

    /// <summary>The compose comes along.</summary>
    public bool IncludeDefinition { get; init; }

    /// <summary>Inactive concepts are left out.</summary>
    public bool ActiveOnly { get; init; }

    /// <summary>One list, no tree.</summary>
    public bool ExcludeNested { get; init; }

    /// <summary>One list of concepts that can be selected; abstract ones are left out.</summary>
    public bool ExcludeNotForUI { get; init; }

    /// <summary>
    /// Only concepts that the code system lists itself, which are not post-coordinated; a value set that lists others is not expanded, since that cannot be told of them.
    /// </summary>
    public bool ExcludePostCoordinated { get; init; }

    /// <summary>BCP 47 language of the displays, where the definitions have it.</summary>
    public string? DisplayLanguage { get; init; }

    /// <summary>Code systems (system or system|version) whose codes are left out.</summary>
    public IReadOnlyList<string> ExcludeSystems { get; init; } = [];

    /// <summary>system|version to use where the value set names no version.</summary>
    public IReadOnlyList<string> SystemVersions { get; init; } = [];

    /// <summary>system|version that has to be the one in use.</summary>
    public IReadOnlyList<string> CheckSystemVersions { get; init; } = [];

    /// <summary>system|version to use whatever the value set says.</summary>
    public IReadOnlyList<string> ForceSystemVersions { get; init; } = [];
}
