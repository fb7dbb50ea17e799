using AtcFhir.R4.Documents;
using AtcFhir.Store;
using AtcFhir.Store.Search;
using AtcFhir.Trial.Concepts;
using AtcFhir.Trial.Scoring;
using AtcFhir.Trial.Study;

namespace AtcFhir.Sync.Border;

/// <summary>
/// The quality of life scores of a hospital's questionnaire response: written, changed and taken away in the transaction of the response that
/// they are derived from.
/// </summary>
internal sealed class ResponseScores(IResourceStore store, StudyPackage study)
{
    /// <summary>The scores as they follow from the trial resource, under their lasting ids; none of what is no response that the study scores.</summary>
    public IReadOnlyList<byte[]> Of(ResourceDocument trial) => trial.ResourceType == "QuestionnaireResponse" ? ResponseScoring.Resources(trial, study) : [];

    /// <summary>
    /// Adds the scores to what is to be written, and takes away those that are stored but follow from the response no more: since the hospital
    /// reopened or deleted it, or it answers another version of the questionnaire.
    /// </summary>
    public async Task<Passage> AddAsync(Passage passage, IReadOnlyList<ResourceDocument> scores, CancellationToken cancel)
    {
        var written = passage.Resources.Where(resource => resource.ResourceType == "QuestionnaireResponse").Select(resource => (resource.ResourceType, Id: resource.Id!));
        var deletions = new List<(string Type, string Id)>(passage.Deletions);
        foreach (var (_, response) in written.Concat(passage.Deletions.Where(deletion => deletion.Type == "QuestionnaireResponse")))
        {
            var stored = await StoredAsync(response, cancel).ConfigureAwait(false);
            deletions.AddRange(stored.Where(id => scores.All(score => score.Id != id)).Select(id => ("Observation", id)));
        }

        return passage with { Resources = [.. passage.Resources, .. scores], Deletions = deletions };
    }

    /// <summary>Ids of the scores that were made of a response: another observation that somebody derived from it is none of them.</summary>
    private async Task<List<string>> StoredAsync(string response, CancellationToken cancel)
    {
        var query = SearchRequest.Parse(store.SearchParameters, "Observation", [new("derived-from", "QuestionnaireResponse/" + response), new("_count", "500")], SearchHandling.Strict).Value.Query;
        var page = (await store.Search(query, cancel).ConfigureAwait(false)).Value;
        var ids = new List<string>();
        foreach (var match in page.Matches)
        {
            if (match.Id.StartsWith(response + "-", StringComparison.Ordinal)
                && ResourceDocument.Parse(match.Body).TryGet(out var observation, out _) && ConceptCatalog.ConceptOf(observation) == HrqolScore.Concept)
            {
                ids.Add(match.Id);
            }
        }

        return ids;
    }
}
