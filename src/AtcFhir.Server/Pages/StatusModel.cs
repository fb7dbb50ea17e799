using AtcFhir.Server.Fhir;
using AtcFhir.Server.Hosting;
using AtcFhir.Sync.Reports;
using AtcFhir.Trial.Concepts;
using AtcFhir.Trial.Study;

namespace AtcFhir.Server.Pages;

/// <summary>What the page shows: counts and states, no patient.</summary>
/// <param name="IsOpen">True when whoever sits at this machine gets in without a token.</param>
/// <param name="Pending">What the server is still doing; null when it is ready.</param>
/// <param name="Concepts">The catalogue with the number of records of each concept.</param>
/// <param name="Resources">Living resources per type.</param>
/// <param name="Now">When it was read.</param>
internal sealed record StatusModel(
    string Version,
    bool IsOpen,
    string? Pending,
    StudyFacts Study,
    IReadOnlyList<ConceptCount> Concepts,
    IReadOnlyDictionary<string, long> Resources,
    IReadOnlyList<SyncStatus> Hospitals,
    DateTimeOffset Started,
    DateTimeOffset Now)
{
    public int Subjects => Hospitals.Sum(hospital => hospital.Enrolled);

    public int Quarantined => Hospitals.Sum(hospital => hospital.Quarantined);

    public long Records => Concepts.Sum(concept => concept.Records);

    public long Total => Resources.Values.Sum();

    public DateTimeOffset? LastPass => Hospitals.Max(hospital => hospital.LastPass);

    public static async Task<StatusModel> Read(FhirEndpoint endpoint, StudyPackage study, Readiness readiness, SyncStatusQuery sync, CancellationToken cancel)
    {
        var records = await endpoint.Store.RecordCounts(cancel);
        return new StatusModel(
            Product.Version,
            !endpoint.Access.NeedsToken,
            readiness.Pending,
            study.Facts,
            [.. ConceptCatalog.All.Select(concept => new ConceptCount(concept, records.GetValueOrDefault(concept.Id)))],
            await endpoint.Store.Statistics(cancel),
            await sync.ReadAsync(cancel),
            endpoint.Started,
            endpoint.Time.GetUtcNow());
    }
}

/// <summary>A concept of the catalogue and how many records it has.</summary>
internal readonly record struct ConceptCount(TrialConcept Concept, long Records);
