using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// One concept of the trial: what it is called, how it is recognised, and its pure mappings. The file of the concept defines it; the
/// <see cref="ConceptCatalog"/> lists it.
/// </summary>
public sealed class TrialConcept
{
    /// <summary>Name of the profile, of the concept's type and of its file: <c>EcogPerformanceStatus</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Id of the profile, the name in kebab-case: <c>ecog-performance-status</c>.</summary>
    public required string Id { get; init; }

    /// <summary>For a person: "ECOG performance status".</summary>
    public required string Title { get; init; }

    public required string ResourceType { get; init; }

    public required ConceptOwner Owner { get; init; }

    /// <summary>Codes that make a resource of this type a value of the concept on the trial side; empty when the type alone does.</summary>
    public IReadOnlyList<ConceptCode> Codes { get; init; } = [];

    /// <summary>Codes that a hospital may use for the same thing and that are normalised at the border.</summary>
    public IReadOnlyList<ConceptCode> AlsoFromHospital { get; init; } = [];

    /// <summary>Canonical URL of the profile.</summary>
    public string Profile => field ??= ConceptCatalog.Canonical + "StructureDefinition/" + Id;

    /// <summary>True when a hospital may send it: it is pulled, and taken at the intake.</summary>
    public bool ComesFromHospital => Mapping is not null;

    /// <summary>Recognises a value on the trial side, the type being right.</summary>
    public required Func<ResourceDocument, bool> IsValue { get; init; }

    /// <summary>Recognises a value of a hospital, the type being right; null: as on the trial side.</summary>
    public Func<ResourceDocument, bool>? IsHospitalValue { get; init; }

    /// <summary>FromFhir, reduced to what the record table holds.</summary>
    public required Func<ResourceDocument, Result<TrialRecord>> Extraction { get; init; }

    /// <summary>FromFhir, then ToFhir: the record and nothing but the record, as a resource again.</summary>
    public required Func<ResourceDocument, Result<byte[]>> RoundTrip { get; init; }

    /// <summary>FromHospital; null when it does not come from one.</summary>
    public Func<ResourceDocument, MappingContext, Mapped>? Mapping { get; init; }

    /// <summary>True when this resource of a hospital is a value of the concept, by type and code.</summary>
    public bool MatchesHospital(ResourceDocument document)
        => ComesFromHospital && document.ResourceType == ResourceType && (IsHospitalValue ?? IsValue)(document);

    /// <summary>A resource of a hospital for which <see cref="MatchesHospital"/> holds becomes a resource of the trial, or is quarantined.</summary>
    public Mapped FromHospital(ResourceDocument document, MappingContext context)
        => Mapping is null ? throw new InvalidOperationException($"{Id} does not come from a hospital.") : Mapping(document, context);

    /// <summary>The record of a resource for which <see cref="ConceptCatalog.ConceptOf"/> holds.</summary>
    public Result<TrialRecord> Extract(ResourceDocument document) => Extraction(document);

    public override string ToString() => Id;
}
