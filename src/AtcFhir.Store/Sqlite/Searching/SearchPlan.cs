using AtcFhir.Store.Search;
using AtcFhir.Store.Sql;
using AtcFhir.Store.Writing;

namespace AtcFhir.Store.Sqlite.Searching;

/// <summary>
/// From where resources come and what else must hold of them: the most selective equality leads, the rest is checked on each resource that it gives.
/// </summary>
/// <param name="Tables">FROM …, with the resource as r.</param>
/// <param name="Rid">The resource's number, in whose order rows come by themselves.</param>
/// <param name="IsUnique">No resource comes twice.</param>
/// <param name="Where">All conditions; that the resource has the right type and lives are among them.</param>
/// <param name="IsOfSeeks">Every condition is a seek, so there is one way to go, whatever the values are.</param>
/// <param name="Checks">All conditions as checks of a resource that is at hand (r), each a seek; null when one of them leads to few, or takes more.</param>
internal sealed record SearchPlan(string Tables, string Rid, SqlText Where, bool IsUnique, bool IsOfSeeks, SqlText? Checks)
{
    private const int Sample = 1000;

    /// <summary>Null when nothing can match.</summary>
    public static SearchPlan? Of(
        ISqlSession reader, Names names, SearchParameterRegistry registry, SearchQuery query, RowTestBuilder tests, PredicateBuilder predicates)
    {
        var types = query.Types.Select(type => names.FindType(reader, type)).OfType<long>().ToList();
        if (types.Count == 0 && query.Types.Count > 0)
        {
            return null;
        }

        var conditions = Conditions(reader, names, registry, query, tests, predicates);
        var (leader, isFew) = Leader(reader, conditions, query);
        var ofTypes = types.Count switch
        {
            0 => "",
            1 => $" AND r.t = {types[0]}",
            _ => $" AND r.t IN ({string.Join(',', types)})",
        };
        var (tables, where, rid) = (" FROM res r", new SqlText("r.deleted = 0" + ofTypes), "r.rid");
        switch (leader?.Tests)
        {
            case null:
                break;
            case [{ IsPoint: true } point] when reader.Dialect.PlansByStatistics:
                (tables, rid) = ($" FROM {point.Table.Name} x CROSS JOIN LATERAL (SELECT * FROM res q WHERE q.rid = x.rid OFFSET 0) r", "x.rid");
                where.Append(" AND ").Append(point.Condition);
                break;
            case [{ IsPoint: true } point]:
                tables = $" FROM {point.Table.Name} x CROSS JOIN res r";
                where.Append(" AND r.rid = x.rid AND ").Append(point.Condition);
                break;
            case var several:
                where.Append(" AND ").Append(predicates.AnyOf(several, "r", asSet: true));
                break;
        }

        foreach (var condition in conditions.Where(condition => condition != leader))
        {
            where.Append(" AND ").Append(condition.Predicate());
        }

        var checks = isFew || query.Sort.Count == 0 || !conditions.TrueForAll(condition => condition.IsSeek) ? null : new SqlText("r.deleted = 0" + ofTypes);
        foreach (var condition in checks is null ? [] : conditions)
        {
            checks!.Append(" AND ").Append(condition.Predicate());
        }

        return new SearchPlan(
            tables, rid, where, leader?.Tests is not [{ IsPoint: true, IsUnique: false }], leader is not null && conditions.TrueForAll(condition => condition.Tests is [{ IsPoint: true }]), checks);
    }

    private static List<Condition> Conditions(
        ISqlSession reader, Names names, SearchParameterRegistry registry, SearchQuery query, RowTestBuilder tests, PredicateBuilder predicates)
    {
        var criteria = query.Criteria.ToList();
        var conditions = new List<Condition>();
        if (CompartmentPair.Of(query, tests) is { } pair)
        {
            criteria.Remove(pair.Patient);
            criteria.Remove(pair.Code);
            conditions.Add(Condition.Of(predicates, [pair.Test], IsCertain: true));
        }

        foreach (var criterion in criteria)
        {
            conditions.Add(criterion is ValueCriterion { IsNegated: false } value
                ? Condition.Of(predicates, predicates.TestsOf(value))
                : new Condition(null, () => predicates.Of(criterion, "r")));
        }

        if (query.Compartment is { } compartment)
        {
            conditions.Add(new Condition(null, () => CompartmentFilter.Of(reader, names, registry, tests, compartment, query.Types)));
        }

        return conditions;
    }

    /// <summary>The condition that leads to the fewest resources, and whether they are few; null when going through the type is as good.</summary>
    private static (Condition? Leader, bool IsFew) Leader(ISqlSession reader, List<Condition> conditions, SearchQuery query)
    {
        var candidates = conditions.Where(condition => condition.Tests is not null).ToList();
        if (query.Criteria.Any(criterion => criterion is IdCriterion { IsNegated: false }))
        {
            return (null, true);
        }

        if (candidates.Find(condition => condition.IsCertain) is { } certain)
        {
            return (certain, true);
        }

        // Without a sort its rows come in the order of the page, however many there are; and what refers to one resource is seldom worth to be counted.
        if (candidates is [{ Tests: [{ IsOrdered: true, Table: var table }] } only] && (query.Sort.Count == 0 || ReferenceEquals(table, IndexTable.Reference)))
        {
            return (only, true);
        }

        var (best, least) = ((Condition?)null, (long)Sample);
        foreach (var candidate in candidates)
        {
            var count = candidate.Tests!.Sum(test => CountUpTo(reader, test, least));
            if (count < least)
            {
                (best, least) = (candidate, count);
            }
        }

        return (best ?? candidates.Find(condition => condition.Tests is [{ IsOrdered: true }]), best is not null);
    }

    private static long CountUpTo(ISqlSession reader, RowTest test, long limit)
    {
        var count = 0L;
        var sql = new SqlText("SELECT count(*) FROM (").Append(test.Resources).Add($" LIMIT {limit}) found");
        (test.IsPoint && reader.Dialect.PlansByStatistics ? sql.WithUnseenValues() : sql).Read(reader, row => count = row.Long(0));
        return count;
    }

    /// <param name="Tests">Null when the condition cannot lead.</param>
    private sealed record Condition(IReadOnlyList<RowTest>? Tests, Func<SqlText> Predicate, bool IsCertain = false)
    {
        /// <summary>A seek tells whether it holds of a resource.</summary>
        public bool IsSeek => Tests?.All(test => test.IsPoint || ReferenceEquals(test.Table, IndexTable.Date)) == true;

        public static Condition Of(PredicateBuilder predicates, IReadOnlyList<RowTest> tests, bool IsCertain = false) => new(tests, () => predicates.AnyOf(tests, "r", asSet: false), IsCertain);
    }
}
