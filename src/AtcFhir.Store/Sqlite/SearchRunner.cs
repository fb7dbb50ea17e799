using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Search;
using AtcFhir.Store.Sql;
using AtcFhir.Store.Sqlite.Searching;

namespace AtcFhir.Store.Sqlite;

/// <summary>Carries searches out: first the numbers of the page's resources, then their bodies, so that sorting moves no bodies.</summary>
internal sealed class SearchRunner(Names names, SearchParameterRegistry registry, CursorSigner cursors, Uri? baseUrl, TimeProvider time)
{
    public Result<SearchPage> Search(ISqlSession reader, SearchQuery query)
    {
        var scope = $"search|{query.Scope}|{query.Compartment?.Code}/{query.Compartment?.Id}";
        PagePosition? after = null;
        if (query.Cursor is { } cursor)
        {
            if (cursors.Open(scope, cursor) is not { } parts)
            {
                return SearchFailure.BadCursor();
            }

            after = PagePosition.Of(parts);
        }

        var tests = new RowTestBuilder(reader, names, baseUrl, time.GetUtcNow());
        var predicates = new PredicateBuilder(reader, names, registry, tests);
        if (query.Contained != ContainedMatches.No)
        {
            return Contained(reader, query, tests, predicates, after, scope);
        }

        if (SearchPlan.Of(reader, names, registry, query, tests, predicates) is not { } plan)
        {
            return new SearchPage([], [], null, query.Total == SearchTotal.None ? null : 0);
        }

        var texts = query.Texts.Count == 0 ? null : new TextSearch(reader, names, query, plan);
        long? total = query.Total == SearchTotal.None ? null : texts?.Total() ?? Total(reader, plan);
        if (query.Count == 0)
        {
            return new SearchPage([], [], null, total);
        }

        var newest = after?.Newest ?? reader.Scalar("SELECT max(rid) FROM res");
        var order = SortOrder.Of(query.Sort, tests);
        var found = texts?.Page(order, after, newest) ?? Page(reader, query, plan, order, after, newest);
        var hasMore = found.Count > query.Count;
        var page = found.Take(query.Count).ToList();
        var next = hasMore ? cursors.Sign(scope, new PagePosition(newest, page[^1].Resource, page[^1].Keys).ToParts()) : null;
        var matches = page.Select(row => ResourceReader.At(reader, names.TypeOf(reader, row.Type), row.Id, row.Seq)).ToList();
        var included = query.Includes.Count == 0 ? [] : new IncludeCollector(reader, names, registry, tests).Collect(query.Includes, page, matches);
        return new SearchPage(matches, included, next, total);
    }

    private Result<SearchPage> Contained(ISqlSession reader, SearchQuery query, RowTestBuilder tests, PredicateBuilder predicates, PagePosition? after, string scope)
    {
        if (query.Compartment is not null)
        {
            return SearchFailure.Parameter("_contained", "compartments have no contained resources of their own.");
        }

        var newest = after?.Newest ?? reader.Scalar("SELECT max(rid) FROM res");
        var plan = query.Contained == ContainedMatches.Both ? SearchPlan.Of(reader, names, registry, query, tests, predicates) : null;
        var search = new ContainedSearch(reader, names, query, predicates.Contained, Alone);
        long? total = query.Total == SearchTotal.None ? null : search.Total(newest);
        if (query.Count == 0)
        {
            return new SearchPage([], [], null, total);
        }

        var (page, hasMore) = search.Page(after, newest);
        var next = hasMore ? cursors.Sign(scope, new PagePosition(newest, page[^1].Row.Resource, page[^1].Row.Keys).ToParts()) : null;
        List<StoredResource> matches = [.. page.Select(item => item.Match)];
        var included = query.Includes.Count == 0 ? [] : new IncludeCollector(reader, names, registry, tests).Collect(query.Includes, [.. page.Select(item => item.Row)], matches);
        return new SearchPage(matches, included, next, total);

        List<FoundRow> Alone(long behind, int count)
        {
            if (plan is null)
            {
                return [];
            }

            var (part, order, from) = (query with { Count = count - 1 }, SortOrder.Of([], tests), new PagePosition(newest, behind, []));
            return query.Texts.Count == 0 ? Page(reader, part, plan, order, from, newest) : new TextSearch(reader, names, part, plan).Page(order, from, newest);
        }
    }

    public Result<long> Count(ISqlSession reader, SearchQuery query)
    {
        if (query.Contained != ContainedMatches.No)
        {
            return Search(reader, query with { Count = 0, Total = SearchTotal.Accurate }).TryGet(out var page, out var failure) ? page.Total ?? 0 : failure;
        }

        var tests = new RowTestBuilder(reader, names, baseUrl, time.GetUtcNow());
        return SearchPlan.Of(reader, names, registry, query, tests, new PredicateBuilder(reader, names, registry, tests)) is { } plan
            ? query.Texts.Count == 0 ? Total(reader, plan) : new TextSearch(reader, names, query, plan).Total()
            : 0;
    }

    private static long Total(ISqlSession reader, SearchPlan plan)
    {
        var total = 0L;
        new SqlText($"SELECT count(DISTINCT r.rid){plan.Tables} WHERE ").Append(plan.Where).Read(reader, row => total = row.Long(0));
        return total;
    }

    public static List<FoundRow> Page(ISqlSession reader, SearchQuery query, SearchPlan plan, SortOrder order, PagePosition? after, long newest)
    {
        var inner = new SqlText($"SELECT {reader.Dialect.DistinctResources} r.rid AS rid, r.seq AS seq, r.t AS t, r.id AS id{order.Columns}{plan.Tables}{order.Joins} WHERE ").Append(plan.Where).Add($" AND r.rid <= {newest}");
        SqlText sql;
        if (order.Keys == 0)
        {
            sql = after is null ? inner : inner.Add($" AND r.rid > {after.Resource}");
            sql.Append(" ORDER BY r.rid");
        }
        else
        {
            sql = new SqlText("SELECT * FROM (").Append(inner).Append(") page");
            sql = after is null ? sql : sql.Append(" WHERE ").Append(order.Behind(after.Keys, after.Resource));
            sql.Append($" ORDER BY {order.OrderBy}");
        }

        var rows = new List<FoundRow>();
        sql.Add($" LIMIT {query.Count + 1L}").Read(reader, row => rows.Add(new FoundRow(
            row.Long(0), row.Long(1), row.Long(2), row.Text(3), [.. Enumerable.Range(4, order.Keys).Select(row.Value)])));
        return rows;
    }
}

/// <summary>A resource of a page: its number, its version's place in the feed, the number of its type, its id, its sort keys.</summary>
internal sealed record FoundRow(long Resource, long Seq, long Type, string Id, IReadOnlyList<object?> Keys);
