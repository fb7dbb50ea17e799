namespace AtcFhir.Trial.Concepts;

/// <summary>The person behind a subject number, as far as the trial may know: sex, year of birth, and whether alive.</summary>
public sealed record PseudonymousPatient
{
    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(PseudonymousPatient),
        Id = "pseudonymous-patient",
        Title = "Vital status",
        ResourceType = "Patient",
        Owner = ConceptOwner.Hospital,
        IsValue = static _ => false,
        Extraction = static _ => throw new NotImplementedException(),
        RoundTrip = static _ => throw new NotImplementedException(),
        Mapping = static (_, _) => throw new NotImplementedException(),
    };
}
