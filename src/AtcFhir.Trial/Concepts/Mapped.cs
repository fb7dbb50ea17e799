using AtcFhir.R4.Outcomes;

namespace AtcFhir.Trial.Concepts;

/// <summary>What became of a hospital resource at the border. Closed: exactly these three.</summary>
public abstract record Mapped
{
    private Mapped() { }

    /// <summary>
    /// It is a value of the trial. Taken as it is, it becomes one resource; transformed (another code or unit) it becomes two, the
    /// pseudonymised source and the trial resource that is derivedFrom it. Each has its id, identifier and rewritten references, and holds
    /// the listed elements only.
    /// </summary>
    /// <param name="Concept">The concept that it is a value of.</param>
    /// <param name="Trial">JSON of the trial resource, valid against the concept's profile; its id is <see cref="MappingContext.TrialId"/>.</param>
    /// <param name="Source">JSON of the pseudonymised source, to be stored first; its id is <see cref="MappingContext.SourceId"/>.</param>
    public sealed record Taken(TrialConcept Concept, byte[] Trial, byte[]? Source = null) : Mapped;

    /// <summary>No concept of the trial: it is counted, not stored.</summary>
    /// <param name="Counted">What to count it under: the resource type, and the first code when it is of a public code system.</param>
    public sealed record NotInScope(string Counted) : Mapped;

    /// <summary>A value of the trial by type and code, but it cannot be taken; the issues say why in the words of the trial.</summary>
    public sealed record Quarantine(TrialConcept Concept, IReadOnlyList<Issue> Issues) : Mapped;
}
