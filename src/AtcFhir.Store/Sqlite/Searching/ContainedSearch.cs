using AtcFhir.Store.Extraction;
using AtcFhir.Store.Search;
using AtcFhir.Store.Sql;
using AtcFhir.Store.Values;

namespace AtcFhir.Store.Sqlite.Searching;

/// <summary>
/// Searches with _contained=true or both: the resources that contain one of the type are read in their order, and what matches is put between the matches
/// that stand alone. <see href="https://hl7.org/fhir/R4/search.html#contained"/>
/// </summary>
/// <param name="alone">Matches that stand alone behind a resource, in order, as many as asked for.</param>
internal sealed class ContainedSearch(ISqlSession reader, Names names, SearchQuery query, ContainedConditions conditions, Func<long, int, List<FoundRow>> alone)
{
    private const int Chunk = 500;
    private const int Whole = -1;

    /// <summary>A page, and whether there is more behind it.</summary>
    public (List<(FoundRow Row, StoredResource Match)> Matches, bool HasMore) Page(PagePosition? after, long newest)
    {
        var all = Items(after?.Resource ?? 0, newest).SkipWhile(item => after is not null && item.Row.Resource == after.Resource && item.Number <= (long)after.Keys[0]!)
            .Take(query.Count + 1).ToList();
        return (all.Take(query.Count).Select(item => (item.Row with { Keys = [(long)item.Number] }, item.Match ?? Stored(item.Row))).ToList(), all.Count > query.Count);
    }

    public long Total(long newest) => Items(0, newest).LongCount();

    /// <summary>Everything that matches from a resource on, by the number of the resource and the place in it.</summary>
    private IEnumerable<(FoundRow Row, int Number, StoredResource? Match)> Items(long from, long newest)
    {
        using var standing = (query.Contained == ContainedMatches.Both ? Alone(from - 1, newest) : []).GetEnumerator();
        using var containing = InContainers(from, newest).GetEnumerator();
        var (hasStanding, hasContaining) = (standing.MoveNext(), containing.MoveNext());
        while (hasStanding || hasContaining)
        {
            if (!hasContaining || (hasStanding && standing.Current.Resource <= containing.Current.Row.Resource))
            {
                // A container that matches itself is given once.
                while (hasContaining && containing.Current.Number == Whole && containing.Current.Row.Resource == standing.Current.Resource)
                {
                    hasContaining = containing.MoveNext();
                }

                yield return (standing.Current, Whole, null);
                hasStanding = standing.MoveNext();
            }
            else
            {
                yield return containing.Current;
                hasContaining = containing.MoveNext();
            }
        }
    }

    private IEnumerable<FoundRow> Alone(long after, long newest)
    {
        while (true)
        {
            var rows = alone(after, Chunk);
            foreach (var row in rows.Where(row => row.Resource <= newest))
            {
                yield return row;
            }

            if (rows.Count < Chunk)
            {
                yield break;
            }

            after = rows[^1].Resource;
        }
    }

    private IEnumerable<(FoundRow Row, int Number, StoredResource? Match)> InContainers(long from, long newest)
    {
        while (true)
        {
            var rows = Containers(from, newest);
            foreach (var row in rows)
            {
                var container = Stored(row);
                foreach (var (number, id, body) in conditions.Matches(query, container.Body))
                {
                    if (query.ContainedAsContainer)
                    {
                        yield return (row, Whole, container);
                        break;
                    }

                    yield return (row, number, container with { Body = body, ContainedId = id });
                }
            }

            if (rows.Count < Chunk)
            {
                yield break;
            }

            from = rows[^1].Resource + 1;
        }
    }

    private List<FoundRow> Containers(long from, long newest)
    {
        var rows = new List<FoundRow>();
        if (names.FindPath(reader, IndexedPath.ContainedTypes) is not { } path)
        {
            return rows;
        }

        var sql = new SqlText($"SELECT DISTINCT r.rid, r.seq, r.t, r.id FROM sp_token x CROSS JOIN res r WHERE x.p = {path}");
        if (query.Types.Count > 0)
        {
            sql.Append(" AND ").AddAnyOf("x.code", query.Types.Select(SearchText.FoldCode));
        }

        sql.Add($" AND x.rid >= {from} AND x.rid <= {newest}").Append(" AND r.rid = x.rid AND r.deleted = 0 ORDER BY r.rid").Add($" LIMIT {(long)Chunk}")
            .Read(reader, row => rows.Add(new FoundRow(row.Long(0), row.Long(1), row.Long(2), row.Text(3), [])));
        return rows;
    }

    private StoredResource Stored(FoundRow row) => ResourceReader.At(reader, names.TypeOf(reader, row.Type), row.Id, row.Seq);
}
