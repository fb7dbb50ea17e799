namespace AtcFhir.Trial.Concepts;

/// <summary>Absolute neutrophil count in blood, 10*9/L.</summary>
public sealed record NeutrophilCount
{
    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(NeutrophilCount),
        Id = "neutrophil-count",
        Title = "Neutrophil count",
        ResourceType = "Observation",
        Owner = ConceptOwner.Hospital,
        IsValue = static _ => false,
        Extraction = static _ => throw new NotImplementedException(),
        RoundTrip = static _ => throw new NotImplementedException(),
        Mapping = static (_, _) => throw new NotImplementedException(),
    };
}
