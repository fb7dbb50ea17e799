using AtcFhir.Store;
using AtcFhir.Store.Side;
using AtcFhir.Sync.Hospital;
using AtcFhir.Sync.Push;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Sync.Reports;

/// <summary>Reads <see cref="Coverage"/> from the store.</summary>
public sealed class CoverageQuery
{
    private readonly IResourceStore store;
    private readonly HospitalDirectory hospitals;

    internal CoverageQuery(IResourceStore store, HospitalDirectory hospitals) => (this.store, this.hospitals) = (store, hospitals);

    /// <summary>Null when no such hospital is configured.</summary>
    public async Task<Coverage?> ReadAsync(string hospital, CancellationToken cancel)
    {
        if (hospitals.Find(hospital) is not { } options)
        {
            return null;
        }

        var links = await CountsAsync("SELECT remote_type, state, COUNT(*) FROM sync_link WHERE hospital = $1 GROUP BY remote_type, state", hospital, cancel).ConfigureAwait(false);
        var bases = await CountsAsync("SELECT local_type, state, COUNT(*) FROM sync_base WHERE hospital = $1 GROUP BY local_type, state", hospital, cancel).ConfigureAwait(false);
        var skipped = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in await store.Query(SideQuery.Of("SELECT code, COUNT(*) FROM sync_skipped WHERE hospital = $1 GROUP BY code ORDER BY code", hospital), cancel).ConfigureAwait(false))
        {
            skipped[row.Text(0)] = (int)row.Long(1);
        }

        var profiles = await store.Query(SideQuery.Of("SELECT profile FROM sync_hospital WHERE name = $1", hospital), cancel).ConfigureAwait(false);
        var profile = profiles.Count == 0 ? new HospitalProfile() : HospitalProfile.FromJson(profiles[0].TextOrNull(0)) ?? new HospitalProfile();
        return new Coverage(
            hospital,
            [.. ConceptCatalog.HospitalTypes.Select(type => new StreamCoverage(type, links.GetValueOrDefault((type, "Live")), links.GetValueOrDefault((type, "Quarantined")), links.GetValueOrDefault((type, "Gone"))))],
            [.. OutgoingResources.Concepts(options.OwnsResearchSubjects).Select(concept => new ConceptCoverage(
                concept.Id, concept.ResourceType, Routing.Of(options, profile, concept, concept.ResourceType, concept.ResourceType != "ResearchStudy"),
                bases.GetValueOrDefault((concept.ResourceType, "Delivered")), bases.GetValueOrDefault((concept.ResourceType, "Worklist")),
                bases.GetValueOrDefault((concept.ResourceType, "Conflict")) + bases.GetValueOrDefault((concept.ResourceType, "Lost"))))],
            skipped);
    }

    private async Task<Dictionary<(string Type, string State), int>> CountsAsync(string sql, string hospital, CancellationToken cancel)
    {
        var counts = new Dictionary<(string, string), int>();
        foreach (var row in await store.Query(SideQuery.Of(sql, hospital), cancel).ConfigureAwait(false))
        {
            counts[(row.Text(0), row.Text(1))] = (int)row.Long(2);
        }

        return counts;
    }
}
