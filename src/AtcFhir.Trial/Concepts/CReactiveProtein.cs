namespace AtcFhir.Trial.Concepts;

/// <summary>C-reactive protein in serum or plasma, mg/L.</summary>
public sealed record CReactiveProtein
{
    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(CReactiveProtein),
        Id = "c-reactive-protein",
        Title = "C-reactive protein",
        ResourceType = "Observation",
        Owner = ConceptOwner.Hospital,
        IsValue = static _ => false,
        Extraction = static _ => throw new NotImplementedException(),
        RoundTrip = static _ => throw new NotImplementedException(),
        Mapping = static (_, _) => throw new NotImplementedException(),
    };
}
