using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Store.Search;

/// <summary>
/// Changes which parameters are searched by while the store is in use: first new writes are indexed by them, then everything that is stored, and only then
/// they can be searched by, so that no search finds half.
/// </summary>
public static class Reindexing
{
    private const int Page = 500;

    /// <summary>Makes these the custom parameters. Only types that a parameter was added to, changed on or taken from are gone through.</summary>
    /// <returns>How many resources were indexed again.</returns>
    public static async ValueTask<Result<long>> Apply(IResourceStore store, IReadOnlyList<CustomSearchParameter> parameters, CancellationToken cancel)
    {
        var before = store.CustomParameters;
        bool IsKept(CustomSearchParameter parameter) => before.Any(old => old.IsIndexed && Same(old, parameter));
        var types = parameters.Where(parameter => !IsKept(parameter)).Concat(before.Where(old => !parameters.Any(parameter => Same(old, parameter))))
            .SelectMany(parameter => parameter.Types).Distinct(StringComparer.Ordinal).ToList();
        await store.Declare([.. parameters.Select(parameter => parameter with { IsIndexed = IsKept(parameter) })], cancel).ConfigureAwait(false);
        if (!(await Run(store, types, cancel).ConfigureAwait(false)).TryGet(out var count, out var failure))
        {
            return failure;
        }

        await store.Declare([.. parameters.Select(parameter => parameter with { IsIndexed = true })], cancel).ConfigureAwait(false);
        return count;
    }

    /// <summary>Derives the index of all resources of these types again. What is written meanwhile is indexed by its write.</summary>
    public static async ValueTask<Result<long>> Run(IResourceStore store, IReadOnlyList<string> types, CancellationToken cancel)
    {
        var count = 0L;
        foreach (var type in types)
        {
            var query = SearchRequest.Parse(store.SearchParameters, type, [new("_count", Page.ToString(CultureInfo.InvariantCulture))]).Value.Query;
            do
            {
                if (!(await store.Search(query, cancel).ConfigureAwait(false)).TryGet(out var page, out var failure))
                {
                    return failure;
                }

                var reindexed = page.Matches.Select(match => new ReindexedResource(store.Prepare(ResourceDocument.Parse(match.Body).Value, match.Id), match.VersionId)).ToList();
                if ((await store.Commit(new WriteBatch([], null) { Reindexed = reindexed }, cancel).ConfigureAwait(false)).Failure is { } broken)
                {
                    return broken;
                }

                count += reindexed.Count;
                query = query with { Cursor = page.Next };
            }
            while (query.Cursor is not null);
        }

        return count;
    }

    private static bool Same(CustomSearchParameter one, CustomSearchParameter other)
        => one.Types.SequenceEqual(other.Types) && one.Definition.Code == other.Definition.Code && one.Definition.Type == other.Definition.Type
            && one.Definition.Expression == other.Definition.Expression && one.Definition.Targets.SequenceEqual(other.Definition.Targets)
            && one.Definition.Components.SequenceEqual(other.Definition.Components);
}
