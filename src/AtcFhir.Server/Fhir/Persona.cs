namespace AtcFhir.Server.Fhir;

/// <summary>
/// The ways in which real hospital servers fall short of the standard, as switches for the sandbox. <see cref="Plain"/> falls short in nothing.
/// </summary>
internal sealed record Persona
{
    public static Persona Plain { get; } = new();

    /// <summary>Types that answer writes with 405.</summary>
    public IReadOnlySet<string> ReadOnlyTypes { get; init; } = new HashSet<string>();

    /// <summary>True when resources show meta.versionId and ETag.</summary>
    public bool HasVersions { get; init; } = true;

    /// <summary>True when resources show meta.lastUpdated and Last-Modified.</summary>
    public bool HasLastUpdated { get; init; } = true;

    /// <summary>False: If-None-Exist is passed over and a second create makes a second resource.</summary>
    public bool HasConditionalCreate { get; init; } = true;

    /// <summary>False: a create answers 201 without a body, whatever Prefer says.</summary>
    public bool AnswersWithBody { get; init; } = true;

    /// <summary>The longest id that is taken; R4 allows 64.</summary>
    public int MaxIdLength { get; init; } = 64;

    /// <summary>Makes the ids of created resources; null leaves it to the store.</summary>
    public Func<string>? NewId { get; init; }

    /// <summary>Search parameters that are treated as unknown.</summary>
    public IReadOnlySet<string> MissingParameters { get; init; } = new HashSet<string>();

    /// <summary>Interactions and operations that are not there, by the name in the route table: "history-instance", "patch".</summary>
    public IReadOnlySet<string> MissingInteractions { get; init; } = new HashSet<string>();
}
