namespace AtcFhir.Trial.Concepts;

/// <summary>An adverse event.</summary>
public sealed record TrialAdverseEvent
{
    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(TrialAdverseEvent),
        Id = "trial-adverse-event",
        Title = "Adverse event",
        ResourceType = "AdverseEvent",
        Owner = ConceptOwner.Trial,
        IsValue = static _ => false,
        Extraction = static _ => throw new NotImplementedException(),
        RoundTrip = static _ => throw new NotImplementedException(),
        Mapping = static (_, _) => throw new NotImplementedException(),
    };
}
