namespace AtcFhir.Trial.Concepts;

/// <summary>A patient's part in the study.</summary>
public sealed record TrialSubject
{
    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(TrialSubject),
        Id = "trial-subject",
        Title = "Trial subject",
        ResourceType = "ResearchSubject",
        Owner = ConceptOwner.Trial,
        IsValue = static _ => false,
        Extraction = static _ => throw new NotImplementedException(),
        RoundTrip = static _ => throw new NotImplementedException(),
        Mapping = static (_, _) => throw new NotImplementedException(),
    };
}
