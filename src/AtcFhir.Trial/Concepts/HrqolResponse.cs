namespace AtcFhir.Trial.Concepts;

/// <summary>A filled-in questionnaire.</summary>
public sealed record HrqolResponse
{
    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(HrqolResponse),
        Id = "hrqol-response",
        Title = "Quality of life questionnaire",
        ResourceType = "QuestionnaireResponse",
        Owner = ConceptOwner.Hospital,
        IsValue = static _ => false,
        Extraction = static _ => throw new NotImplementedException(),
        RoundTrip = static _ => throw new NotImplementedException(),
        Mapping = static (_, _) => throw new NotImplementedException(),
    };
}
