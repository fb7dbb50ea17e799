namespace AtcFhir.Trial.Concepts;

/// <summary>A dose given, or not given.</summary>
public sealed record AnakinraAdministration
{
    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(AnakinraAdministration),
        Id = "anakinra-administration",
        Title = "Anakinra administration",
        ResourceType = "MedicationAdministration",
        Owner = ConceptOwner.Hospital,
        IsValue = static _ => false,
        Extraction = static _ => throw new NotImplementedException(),
        RoundTrip = static _ => throw new NotImplementedException(),
        Mapping = static (_, _) => throw new NotImplementedException(),
    };
}
