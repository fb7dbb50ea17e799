namespace AtcFhir.Trial.Concepts;

/// <summary>The subject's consent.</summary>
public sealed record TrialConsent
{
    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(TrialConsent),
        Id = "trial-consent",
        Title = "Consent to the trial",
        ResourceType = "Consent",
        Owner = ConceptOwner.Trial,
        IsValue = static _ => false,
        Extraction = static _ => throw new NotImplementedException(),
        RoundTrip = static _ => throw new NotImplementedException(),
    };
}
