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
        if (AmbiguousId.Of(reader, names, tests, query.Criteria) is { } ambiguous)
        {
            return ambiguous;
        }

        if (query.Contained != ContainedMatches.No)
        {
            return Contained(reader, query, tests, predicates, after, scope);
        }

        if (SearchPlan.Of(reader, names, registry, query, tests, predicates) is not { } plan)
        {
            return new SearchPage([], [], null, query.Total == SearchTotal.None ? null : 0);
        }

        var texts = !query.IsOnBodies ? null : new TextSearch(reader, names, query, plan);
        long? total = query.Total == SearchTotal.None ? null : texts?.Total() ?? Total(reader, plan);
        if (query.Count == 0)
        {
            return new SearchPage([], [], null, total);
        }

        var order = SortOrder.Of(query.Sort, tests);
        if (texts is null && query.Includes.Count == 0)
        {
            reader.LastFollows();
        }

        // What is newest now comes with the page itself, unless the page has to be told.
        var newest = after?.Newest ?? (texts is null && reader.Dialect.JoinsBodies ? null : reader.Scalar("SELECT max(rid) FROM res"));
        var found = texts?.Page(order, after, newest!.Value) ?? Page(reader, query, plan, order, after, newest, withBodies: reader.Dialect.JoinsBodies);
        var hasMore = found.Count > query.Count;
        var page = found.Take(query.Count).ToList();
        var next = hasMore ? cursors.Sign(scope, new PagePosition(newest ?? page[^1].Newest, page[^1].Resource, page[^1].Keys).ToParts()) : null;
        var matches = page.Select(row => Match(reader, row)).ToList();
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
            return !query.IsOnBodies ? Page(reader, part, plan, order, from, newest) : new TextSearch(reader, names, part, plan).Page(order, from, newest);
        }
    }

    public Result<bool> Matches(ISqlSession reader, SearchQuery query, StoredResource version)
        => new PredicateBuilder(reader, names, registry, new RowTestBuilder(reader, names, baseUrl, time.GetUtcNow())).Contained.Holds(query, version);

    public Result<long> Count(ISqlSession reader, SearchQuery query)
    {
        if (query.Contained != ContainedMatches.No)
        {
            return Search(reader, query with { Count = 0, Total = SearchTotal.Accurate }).TryGet(out var page, out var failure) ? page.Total ?? 0 : failure;
        }

        var tests = new RowTestBuilder(reader, names, baseUrl, time.GetUtcNow());
        if (AmbiguousId.Of(reader, names, tests, query.Criteria) is { } ambiguous)
        {
            return ambiguous;
        }

        return SearchPlan.Of(reader, names, registry, query, tests, new PredicateBuilder(reader, names, registry, tests)) is { } plan
            ? !query.IsOnBodies ? Total(reader, plan) : new TextSearch(reader, names, query, plan).Total()
            : 0;
    }

    private static long Total(ISqlSession reader, SearchPlan plan)
    {
        var total = 0L;
        new SqlText($"SELECT count(DISTINCT {plan.Rid}){plan.Tables} WHERE ").Append(plan.Where).Read(reader, row => total = row.Long(0));
        return total;
    }

    private StoredResource Match(ISqlSession reader, FoundRow row)
    {
        var type = names.TypeOf(reader, row.Type);
        return row.Version is { } version
            ? new StoredResource(type, row.Id, version.Number.ToString(CultureInfo.InvariantCulture), DateTimeOffset.FromUnixTimeMilliseconds(version.Updated), row.Seq, version.Kind, version.Body)
            : ResourceReader.At(reader, type, row.Id, row.Seq);
    }

    /// <param name="newest">The newest resource that may be on the page; null for whatever is newest in the state that is read, which each row then tells.</param>
    public static List<FoundRow> Page(ISqlSession reader, SearchQuery query, SearchPlan plan, SortOrder order, PagePosition? after, long? newest, bool withBodies = false)
    {
        if (DateWalk.Of(plan, order, after, newest, reader.Dialect) is { } walk && Rows(reader, query, order, walk, withBodies) is var first && first.Count > query.Count)
        {
            return first;
        }

        var distinct = plan.IsUnique ? "" : reader.Dialect.DistinctBy(plan.Rid) + " ";
        var inner = new SqlText($"SELECT {distinct}{plan.Rid} AS rid, r.seq AS seq, r.t AS t, r.id AS id{order.Columns}{plan.Tables}{order.Joins} WHERE ").Append(plan.Where);
        if (newest is not null)
        {
            inner.Append($" AND {plan.Rid}").Add($" <= {newest}");
        }

        SqlText sql;
        if (order.Keys == 0)
        {
            sql = after is null ? inner : inner.Append($" AND {plan.Rid}").Add($" > {after.Resource}");
            sql.Append($" ORDER BY {plan.Rid}");
        }
        else
        {
            sql = new SqlText("SELECT * FROM (").Append(inner).Append(") page");
            sql = after is null ? sql : sql.Append(" WHERE ").Append(order.Behind(after.Keys, after.Resource));
            sql.Append($" ORDER BY {order.OrderBy}");
        }

        return Rows(reader, query, order, sql, withBodies, isOneWay: plan.IsOfSeeks && order.Joins.Length == 0);
    }

    /// <param name="sql">The rows of the page and behind it, in order.</param>
    /// <param name="isOneWay">There is one way to find them, whatever the values are.</param>
    private static List<FoundRow> Rows(ISqlSession reader, SearchQuery query, SortOrder order, SqlText sql, bool withBodies, bool isOneWay = false)
    {
        if (!withBodies)
        {
            sql.Add($" LIMIT {query.Count + 1L}");
        }
        else
        {
            // As text, since a plan that does not know how few rows there will be may read everything.
            // The inner query still decides which rows there are before any body is touched.
            sql = new SqlText("SELECT f.*, v.ver, v.updated, v.op, v.body, (SELECT max(rid) FROM res) FROM (").Append(sql).Append($" LIMIT {query.Count + 1L}) f JOIN ver v ON v.seq = f.seq ORDER BY {order.OrderBy}");
        }

        if (isOneWay && reader.Dialect.PlansByStatistics)
        {
            sql = sql.WithUnseenValues();
        }

        var (rows, body) = (new List<FoundRow>(), 4 + order.Keys);
        sql.Read(reader, row => rows.Add(new FoundRow(row.Long(0), row.Long(1), row.Long(2), row.Text(3), [.. Enumerable.Range(4, order.Keys).Select(row.Value)])
        {
            Version = withBodies ? new FoundVersion(row.Long(body), row.Long(body + 1), (WriteKind)row.Long(body + 2), row.Bytes(body + 3)) : null,
            Newest = withBodies ? row.Long(body + 4) : 0,
        }));
        return rows;
    }
}

/// <summary>A resource of a page: its number, its version's place in the feed, the number of its type, its id, its sort keys.</summary>
internal sealed record FoundRow(long Resource, long Seq, long Type, string Id, IReadOnlyList<object?> Keys)
{
    /// <summary>Null where it has still to be read.</summary>
    public FoundVersion? Version { get; init; }

    /// <summary>The newest resource in the state that was read.</summary>
    public long Newest { get; init; }
}

/// <summary>The current version of a resource of a page.</summary>
internal sealed record FoundVersion(long Number, long Updated, WriteKind Kind, byte[] Body);
