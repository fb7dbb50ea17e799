using System.Collections.Frozen;
using AtcFhir.R4.Documents;

namespace AtcFhir.Trial.Concepts;

/// <summary>Every concept of the trial, in reading order. Adding one here is the only registration.</summary>
public static class ConceptCatalog
{
    /// <summary>Base of the canonical URLs of our own artefacts.</summary>
    public const string Canonical = "https://example.org/atcfhir/";

    public static IReadOnlyList<TrialConcept> All { get; } =
    [
        TrialStudy.Concept,
        TrialSubject.Concept,
        PseudonymousPatient.Concept,
        AnaplasticThyroidCarcinoma.Concept,
        TrialConsent.Concept,
        AnakinraAdministration.Concept,
        EcogPerformanceStatus.Concept,
        HrqolResponse.Concept,
        HrqolScore.Concept,
        TrialAdverseEvent.Concept,
        CReactiveProtein.Concept,
        NeutrophilCount.Concept,
    ];

    /// <summary>The concept of that id, or null.</summary>
    public static TrialConcept? Find(string id) => All.FirstOrDefault(concept => concept.Id == id);

    private static readonly FrozenDictionary<string, TrialConcept[]> ByType =
        All.GroupBy(concept => concept.ResourceType).ToFrozenDictionary(group => group.Key, group => group.ToArray());

    /// <summary>The concept that a resource of the trial side is a value of, or null. Asked of every resource that is written.</summary>
    public static TrialConcept? ConceptOf(ResourceDocument document)
    {
        if (!ByType.TryGetValue(document.ResourceType, out var concepts) || SourceTag.IsOn(document))
        {
            return null;
        }

        foreach (var concept in concepts)
        {
            if (concept.IsValue(document))
            {
                return concept;
            }
        }

        return null;
    }

    /// <summary>Canonical of the profile that a resource of the trial side must meet when written, or null.</summary>
    public static string? ProfileFor(ResourceDocument document) => ConceptOf(document)?.Profile;

    /// <summary>Resource types that are worth asking a hospital for.</summary>
    public static IReadOnlyList<string> HospitalTypes { get; } =
        [.. All.Where(concept => concept.ComesFromHospital).Select(concept => concept.ResourceType).Distinct()];

    /// <summary>The concept that a resource of a hospital is a value of, or null.</summary>
    public static TrialConcept? HospitalConceptOf(ResourceDocument document) => All.FirstOrDefault(concept => concept.MatchesHospital(document));

    /// <summary>A resource of a hospital, mapped by the concept that it is a value of.</summary>
    public static Mapped FromHospital(ResourceDocument document, MappingContext context)
        => HospitalConceptOf(document) is { } concept
            ? concept.FromHospital(document, context)
            : new Mapped.NotInScope(ScopeCount.Of(document));

    /// <summary>The record of a resource, for the store; null when it is no concept of the trial or its record cannot be read.</summary>
    public static TrialRecord? Extract(ResourceDocument document)
        => ConceptOf(document) is { } concept && concept.Extract(document).TryGet(out var record, out _) ? record : null;
}
