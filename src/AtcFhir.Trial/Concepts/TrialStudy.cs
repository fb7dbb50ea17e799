namespace AtcFhir.Trial.Concepts;

/// <summary>The study itself.</summary>
public sealed record TrialStudy
{
    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(TrialStudy),
        Id = "trial-study",
        Title = "Trial",
        ResourceType = "ResearchStudy",
        Owner = ConceptOwner.Trial,
        IsValue = static _ => false,
        Extraction = static _ => throw new NotImplementedException(),
        RoundTrip = static _ => throw new NotImplementedException(),
    };
}
