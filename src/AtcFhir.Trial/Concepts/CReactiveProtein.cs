using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Trial.Concepts;

/// <summary>C-reactive protein in serum or plasma, the marker of systemic inflammation, in mg/L. Other mass concentrations are converted exactly; molar ones are not.</summary>
public static class CReactiveProtein
{
    private static readonly LaboratoryKind Kind = new(
        () => Concept!,
        "mg/L",
        [
            new(Systems.Loinc, "1988-5", "C reactive protein [Mass/volume] in Serum or Plasma"),
            new(Systems.Loinc, "30522-7", "C reactive protein [Mass/volume] in Serum or Plasma by High sensitivity method"),
        ],
        [
            new("mg/L", 0),
            new("mg/l", 0),
            new("mg/dL", 1),
            new("mg/dl", 1),
            new("ug/mL", 0),
            new("ug/ml", 0),
            new("g/L", 3),
            new("g/l", 3),
            new("ng/mL", -3),
            new("ng/ml", -3),
        ]);

    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(CReactiveProtein),
        Id = "c-reactive-protein",
        Title = "C-reactive protein",
        ResourceType = "Observation",
        Owner = ConceptOwner.Hospital,
        Codes = Kind.Tests,
        IsValue = Kind.IsValue,
        Extraction = static document => FromFhir(document).Then(Kind.ToRecord),
        RoundTrip = static document => FromFhir(document).Then(ToFhir),
        Mapping = Kind.FromHospital,
    };

    public static byte[] ToFhir(LaboratoryResult result) => Kind.ToFhir(result);

    public static Result<LaboratoryResult> FromFhir(ResourceDocument document) => Kind.FromFhir(document);
}
