namespace AtcFhir.Trial.Concepts;

/// <summary>ECOG performance status, 0 (fully active) to 5 (dead).</summary>
public sealed record EcogPerformanceStatus
{
    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(EcogPerformanceStatus),
        Id = "ecog-performance-status",
        Title = "ECOG performance status",
        ResourceType = "Observation",
        Owner = ConceptOwner.Hospital,
        IsValue = static _ => false,
        Extraction = static _ => throw new NotImplementedException(),
        RoundTrip = static _ => throw new NotImplementedException(),
        Mapping = static (_, _) => throw new NotImplementedException(),
    };
}
