namespace AtcFhir.Trial.Concepts;

/// <summary>A scale score, computed from a response.</summary>
public sealed record HrqolScore
{
    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(HrqolScore),
        Id = "hrqol-score",
        Title = "Quality of life score",
        ResourceType = "Observation",
        Owner = ConceptOwner.Trial,
        IsValue = static _ => false,
        Extraction = static _ => throw new NotImplementedException(),
        RoundTrip = static _ => throw new NotImplementedException(),
    };
}
