using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Trial.Concepts;

/// <summary>Neutrophils in blood, in 10*9/L: under 1.5 excludes from the trial. The ways in which laboratories write 10^9/l are the same unit to UCUM.</summary>
public static class NeutrophilCount
{
    private static readonly LaboratoryKind Kind = new(
        () => Concept!,
        "10*9/L",
        [
            new(Systems.Loinc, "751-8", "Neutrophils [#/volume] in Blood by Automated count"),
            new(Systems.Loinc, "26499-4", "Neutrophils [#/volume] in Blood"),
        ],
        [
            new("10*9/L", 0),
            new("10*9/l", 0),
            new("10*3/uL", 0),
            new("10*3/ul", 0),
            new("10*6/mL", 0),
            new("/uL", -3),
            new("{cells}/uL", -3),
            new("10^9/L", 0, IsUcum: false),
            new("10^9/l", 0, IsUcum: false),
            new("x10^9/L", 0, IsUcum: false),
            new("x10^9/l", 0, IsUcum: false),
            new("x 10^9/L", 0, IsUcum: false),
            new("x 10^9/l", 0, IsUcum: false),
            new("10E9/L", 0, IsUcum: false),
            new("10e9/L", 0, IsUcum: false),
            new("10E9/l", 0, IsUcum: false),
            new("x10E9/L", 0, IsUcum: false),
            new("10^3/uL", 0, IsUcum: false),
            new("x10^3/uL", 0, IsUcum: false),
            new("K/uL", 0, IsUcum: false),
            new("cells/uL", -3, IsUcum: false),
        ]);

    public static TrialConcept Concept { get; } = new()
    {
        Name = nameof(NeutrophilCount),
        Id = "neutrophil-count",
        Title = "Absolute neutrophil count",
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
