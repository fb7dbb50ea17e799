using AtcFhir.R4.Documents;
using AtcFhir.Store;
using AtcFhir.Store.Search;
using AtcFhir.Sync.Border;
using AtcFhir.Sync.Ledger;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Sync.Push;

/// <summary>A trial resource that a hospital is to have.</summary>
/// <param name="Lane">The subject it is about; null for what is about the study.</param>
internal sealed record Outgoing(ResourceDocument Document, EnrolmentRow? Lane, TrialConcept? Concept)
{
    public string Type => Document.ResourceType;

    public string Id => Document.Id!;

    public string Reference => Type + "/" + Id;
}

/// <summary>
/// What is to go to a hospital, in the order in which it can go: what is referred to comes first. Nothing that came from a hospital, or was
/// derived from what came from one, is among it; nor anything of a patient who is not enrolled, or not any more.
/// </summary>
internal sealed class OutgoingResources(IResourceStore store, string hospital, bool hospitalOwnsSubjects)
{
    /// <summary>The concepts whose values may go to a hospital; of an Observation it depends on where it came from, so those are counted as one.</summary>
    public static IEnumerable<TrialConcept> Concepts(bool hospitalOwnsSubjects)
        => ConceptCatalog.All.Where(concept => concept.Owner == ConceptOwner.Trial && concept.ResourceType is "ResearchStudy" or "ResearchSubject" or "AdverseEvent" or "Observation" && !(hospitalOwnsSubjects && concept.ResourceType == "ResearchSubject"));

    public async Task<IReadOnlyList<Outgoing>> ListAsync(CancellationToken cancel)
    {
        var lanes = new Dictionary<string, EnrolmentRow>(StringComparer.Ordinal);
        foreach (var row in await store.EnrolmentsAsync(hospital, cancel).ConfigureAwait(false))
        {
            if (row.IsOpen)
            {
                lanes["Patient/" + row.PatientId] = row;
            }
        }

        var outgoing = new List<Outgoing>();
        var studies = await AllAsync("ResearchStudy", cancel).ConfigureAwait(false);
        foreach (var type in new[] { "Organization", "Location" })
        {
            outgoing.AddRange(await ClosureAsync(studies, type, cancel).ConfigureAwait(false));
        }

        outgoing.AddRange(studies.Select(study => new Outgoing(study, null, ConceptCatalog.ConceptOf(study))));
        foreach (var type in hospitalOwnsSubjects ? ["AdverseEvent", "Observation"] : new[] { "ResearchSubject", "AdverseEvent", "Observation" })
        {
            foreach (var resource in await AllAsync(type, cancel).ConfigureAwait(false))
            {
                if (HospitalReference.SubjectOf(resource).Child("reference").Text is { } patient && lanes.TryGetValue(patient, out var lane)
                    && ConceptCatalog.ConceptOf(resource) is { } concept
                    && !await IsOfHospitalAsync(resource, cancel).ConfigureAwait(false))
                {
                    outgoing.Add(new Outgoing(resource, lane, concept));
                }
            }
        }

        return outgoing;
    }

    /// <summary>Linked to a hospital resource, or derived from one, over any number of steps.</summary>
    private async Task<bool> IsOfHospitalAsync(ResourceDocument resource, CancellationToken cancel)
    {
        var visited = new HashSet<string>(StringComparer.Ordinal);
        var ahead = new Queue<(string Type, string Id, ResourceDocument? Document)>([(resource.ResourceType, resource.Id!, resource)]);
        while (ahead.TryDequeue(out var next))
        {
            if (!visited.Add(next.Type + "/" + next.Id))
            {
                continue;
            }

            if (await store.IsFromHospitalAsync(next.Type, next.Id, cancel).ConfigureAwait(false) || (next.Document is not null && SourceTag.IsOn(next.Document)))
            {
                return true;
            }

            var document = next.Document ?? await ReadAsync(next.Type, next.Id, cancel).ConfigureAwait(false);
            foreach (var source in document?.Root.ChildrenOf("derivedFrom").ToList() ?? [])
            {
                if (source.Child("reference").Text?.Split('/') is [var type, var id, ..]) // A version of a source is that source: "Observation/x/_history/2".
                {
                    ahead.Enqueue((type, id, null));
                }
            }
        }

        return false;
    }

    /// <summary>The organizations and locations that the studies refer to.</summary>
    private async Task<IReadOnlyList<Outgoing>> ClosureAsync(IReadOnlyList<ResourceDocument> studies, string type, CancellationToken cancel)
    {
        var closure = new SortedDictionary<string, Outgoing>(StringComparer.Ordinal);
        foreach (var study in studies)
        {
            for (var index = 0; index < study.NodeCount; index++)
            {
                var node = study.NodeAt(index);
                if (node.Name == "reference" && node.IsPrimitive && node.Text?.Split('/') is [var target, var id] && target == type && !closure.ContainsKey(id)
                    && await ReadAsync(type, id, cancel).ConfigureAwait(false) is { } document)
                {
                    closure[id] = new Outgoing(document, null, null);
                }
            }
        }

        return [.. closure.Values];
    }

    private async Task<ResourceDocument?> ReadAsync(string type, string id, CancellationToken cancel)
        => await store.Read(type, id, cancel).ConfigureAwait(false) is { IsDeleted: false } stored && ResourceDocument.Parse(stored.Body).TryGet(out var document, out _) ? document : null;

    private async Task<List<ResourceDocument>> AllAsync(string type, CancellationToken cancel)
    {
        var all = new List<ResourceDocument>();
        var query = SearchRequest.Parse(store.SearchParameters, type, [new("_count", "500")]).Value.Query;
        while (true)
        {
            var page = (await store.Search(query, cancel).ConfigureAwait(false)).Value;
            foreach (var match in page.Matches)
            {
                if (ResourceDocument.Parse(match.Body).TryGet(out var document, out _))
                {
                    all.Add(document);
                }
            }

            if (page.Next is null)
            {
                return [.. all.OrderBy(document => document.Id, StringComparer.Ordinal)];
            }

            query = query with { Cursor = page.Next };
        }
    }
}
