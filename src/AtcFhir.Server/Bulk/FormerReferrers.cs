using AtcFhir.R4.Outcomes;
using AtcFhir.Server.Fhir;
using AtcFhir.Store;
using AtcFhir.Store.Search;

namespace AtcFhir.Server.Bulk;

/// <summary>
/// Whether a deleted resource was part of an export of patients or of a group only because something in their compartments referred to it: a Practitioner, a Medication. Bulk
/// Data lists what matches the criteria of the export and was deleted after _since. Something referred to it if it still does, or if a version did that was
/// replaced or deleted since then. <see href="https://hl7.org/fhir/uv/bulkdata/STU2/export.html#response---complete-status"/>
/// </summary>
internal sealed class FormerReferrers(FhirEndpoint endpoint, ExportOrder order)
{
    private const int FeedPage = 1000;

    private HashSet<string>? former;

    public async ValueTask<Result<bool>> Had(string type, string id, CancellationToken cancel)
    {
        var registry = endpoint.Store.SearchParameters;
        var query = SearchRequest.Parse(registry, null, "_count=1").Value.Query.Within(InCompartments).ReferringTo(registry, type, id);
        if (!(await endpoint.Store.Search(query, cancel)).TryGet(out var page, out var failure))
        {
            return failure;
        }

        if (page.Matches.Count > 0)
        {
            return true;
        }

        if (former is null && !(await Former(cancel)).TryGet(out former, out failure))
        {
            return failure;
        }

        return former.Contains($"{type}/{id}");
    }

    private Closure InCompartments => new(order.Scope, order.Patients, [], WithReferenced: false) { IsWide = true };

    /// <summary>What the versions referred to that were in the compartments and are no longer current, but were at some time since _since.</summary>
    private async ValueTask<Result<HashSet<string>>> Former(CancellationToken cancel)
    {
        var (found, cursor) = (new HashSet<string>(), (string?)null);
        var query = SearchRequest.Parse(endpoint.Store.SearchParameters, null, "").Value.Query.Within(InCompartments);
        do
        {
            var changes = new HistoryQuery(Since: order.Since, Count: FeedPage, Cursor: cursor) { Types = [.. ExportQuery.CompartmentTypes] };
            if (!(await endpoint.Store.History(changes, cancel)).TryGet(out var page, out var failure))
            {
                return failure;
            }

            foreach (var change in page.Entries)
            {
                if (await VersionBefore.Of(endpoint.Store, change, cancel) is not { IsDeleted: false } replaced)
                {
                    continue;
                }

                if (!(await endpoint.Store.Matches(query, replaced, cancel)).TryGet(out var isInside, out failure))
                {
                    return failure;
                }

                if (isInside)
                {
                    found.UnionWith(ResourceReferences.Of(replaced.Body));
                }
            }

            cursor = page.Next;
        }
        while (cursor is not null);

        return found;
    }
}
