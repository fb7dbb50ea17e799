namespace AtcFhir.Trial.Concepts;

/// <summary>The diagnosis that the trial is about.</summary>
public sealed record AnaplasticThyroidCarcinoma
{
    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(AnaplasticThyroidCarcinoma),
        Id = "anaplastic-thyroid-carcinoma",
        Title = "Anaplastic thyroid carcinoma",
        ResourceType = "Condition",
        Owner = ConceptOwner.Hospital,
        IsValue = static _ => false,
        Extraction = static _ => throw new NotImplementedException(),
        RoundTrip = static _ => throw new NotImplementedException(),
        Mapping = static (_, _) => throw new NotImplementedException(),
    };
}
