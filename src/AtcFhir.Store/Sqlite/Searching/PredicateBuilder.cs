using AtcFhir.Store.Extraction;
using AtcFhir.Store.Search;
using AtcFhir.Store.Sql;
using AtcFhir.Store.Writing;

namespace AtcFhir.Store.Sqlite.Searching;

/// <summary>Conditions -> SQL about a resource row (an alias of res).</summary>
internal sealed class PredicateBuilder(ISqlSession reader, Names names, SearchParameterRegistry registry, RowTestBuilder tests)
{
    private const string Nothing = "FALSE";
    private const int Flat = 50;

    private int aliases;

    /// <summary>The condition on the resource row <paramref name="alias"/>.</summary>
    /// <param name="asSet">Prefer forms that can be computed on their own, so that they can lead to the row instead of being checked on it.</param>
    public SqlText Of(Criterion criterion, string alias, bool asSet = false)
    {
        switch (criterion)
        {
            case ValueCriterion value:
                return value.IsNegated ? NoneOf(TestsOf(value), alias, asSet: false) : AnyOf(TestsOf(value), alias, asSet);
            case MissingCriterion missing:
                return missing.IsMissing ? NoneOf(tests.Any(missing.Parameters), alias, asSet: true) : AnyOf(tests.Any(missing.Parameters), alias, asSet: true);
            case IdCriterion id:
                return new SqlText(id.IsNegated ? "NOT " : "").AddAnyOf($"{alias}.id", id.Ids);
            case UpdatedCriterion updated:
                return Updated(updated, alias);
            case ChainCriterion chain:
                return Chain(chain, alias);
            case HasCriterion has:
                return Has(has, alias);
            case TypeCriterion type:
                return new SqlText($"{alias}.t IN ({string.Join(',', type.Types.Select(name => names.FindType(reader, name)).OfType<long>().Append(-1))})");
            case AllCriterion all:
                return Joined(all.Parts, " AND ", alias);
            case AnyCriterion any:
                return Joined(any.Parts, " OR ", alias);
            case NotCriterion not:
                return new SqlText("NOT ").Append(Of(not.Part, alias));
            case ClosureCriterion closure:
                return new ClosureFilter(reader, names, registry, tests).Of(closure.Closure, alias);
            default:
                throw new InvalidOperationException($"No SQL for {criterion.GetType().Name}.");
        }
    }

    private SqlText Joined(IReadOnlyList<Criterion> parts, string separator, string alias)
    {
        var joined = new SqlText("(");
        for (var number = 0; number < parts.Count; number++)
        {
            joined.Append(number > 0 ? separator : "").Append(Of(parts[number], alias));
        }

        return joined.Append(")");
    }

    public IReadOnlyList<RowTest> TestsOf(ValueCriterion criterion)
    {
        var composites = criterion.AnyOf.OfType<CompositeOperand>().ToList();
        return composites.Count == 0 ? tests.Of(criterion) : [.. composites.SelectMany(operand => Composite(criterion.Parameters, operand))];
    }

    public SqlText? Members(HierarchyOperand operand) => tests.Members(operand);

    public SqlText AnyOf(IReadOnlyList<RowTest> rowTests, string alias, bool asSet)
    {
        if (rowTests.Count == 0)
        {
            return new SqlText(Nothing);
        }

        // Several sets at once can be joined; each for itself would have to fit into the planner's memory, or be gone through for each resource.
        return reader.Dialect.PlansByStatistics && rowTests.Count > 1 && asSet
            ? new SqlText($"{alias}.rid IN (").Append(Halved([.. rowTests.Select(test => test.Resources)], " UNION ALL ")).Append(")")
            : Halved([.. rowTests.Select(test => One(test, alias, asSet))], " OR ");
    }

    /// <summary>That none of them holds. PostgreSQL can join by what is absent, too, however many have it.</summary>
    private SqlText NoneOf(IReadOnlyList<RowTest> rowTests, string alias, bool asSet) => reader.Dialect.PlansByStatistics && rowTests.Count > 0
        ? Halved([.. rowTests.Select(test => new SqlText($"NOT EXISTS (SELECT 1 FROM {test.Table.Name} x WHERE ").Append(test.Condition).Append($" AND x.rid = {alias}.rid)"))], " AND ")
        : new SqlText("NOT ").Append(AnyOf(rowTests, alias, asSet));

    /// <summary>Many terms as a tree: a database that reads them one inside the other allows no more than a thousand levels.</summary>
    private static SqlText Halved(ReadOnlySpan<SqlText> terms, string separator)
    {
        var joined = new SqlText("(");
        if (terms.Length <= Flat)
        {
            for (var number = 0; number < terms.Length; number++)
            {
                joined.Append(number > 0 ? separator : "").Append(terms[number]);
            }

            return joined.Append(")");
        }

        var half = terms.Length / 2;
        return joined.Append(Halved(terms[..half], separator)).Append(separator).Append(Halved(terms[half..], separator)).Append(")");
    }

    private SqlText One(RowTest test, string alias, bool asSet)
    {
        if (asSet || !(test.IsPoint || ReferenceEquals(test.Table, IndexTable.Date)))
        {
            return new SqlText($"{alias}.rid IN (").Append(test.Resources).Append(")");
        }

        var byResource = ReferenceEquals(test.Table, IndexTable.Date) ? reader.Dialect.DateByResource : "";
        return new SqlText($"EXISTS (SELECT 1 FROM {test.Table.Name} x{byResource} WHERE ").Append(test.Condition).Append($" AND x.rid = {alias}.rid)");
    }

    /// <summary>Times never fall along the feed, so a range of times is a range of sequence numbers.</summary>
    private SqlText Updated(UpdatedCriterion criterion, string alias)
        => Halved([.. criterion.AnyOf.Select(operand => Updated(operand, SeqAt(operand.Range.From), SeqAt(operand.Range.To), alias))], " OR ");

    private static SqlText Updated(DateOperand operand, long from, long to, string alias) => operand.Comparison switch
    {
        Comparison.NotEqual => new SqlText($"NOT ({alias}.seq").Add($" >= {from}").Append($" AND {alias}.seq").Add($" < {to})"),
        Comparison.Greater or Comparison.StartsAfter => new SqlText($"{alias}.seq").Add($" >= {to}"),
        Comparison.GreaterOrEqual => new SqlText($"{alias}.seq").Add($" >= {from}"),
        Comparison.Less or Comparison.EndsBefore => new SqlText($"{alias}.seq").Add($" < {from}"),
        Comparison.LessOrEqual => new SqlText($"{alias}.seq").Add($" < {to}"),
        _ => new SqlText($"{alias}.seq").Add($" >= {from}").Append($" AND {alias}.seq").Add($" < {to}"),
    };

    private long SeqAt(long ticks)
    {
        var sinceEpoch = ticks - DateTime.UnixEpoch.Ticks;
        var milliseconds = (sinceEpoch / TimeSpan.TicksPerMillisecond) + (sinceEpoch % TimeSpan.TicksPerMillisecond > 0 ? 1 : 0);
        return HistoryReader.FirstSeqAt(reader, milliseconds);
    }

    /// <summary>Conditions on what is contained in resources.</summary>
    public ContainedConditions Contained => new(reader, names, registry, new SearchExtractor(registry, tests.BaseUrl), this, tests.BaseUrl, tests.Now);

    /// <summary>From the targets that fulfil the condition back to who refers to them; a target may be contained in the resource that refers to it.</summary>
    private SqlText Chain(ChainCriterion chain, string alias)
    {
        if (tests.ReferencePaths(chain.References, "f") is not { } paths)
        {
            return new SqlText(Nothing);
        }

        var any = new SqlText("(");
        var separator = "";
        if (Contained.Chained(chain, paths) is { Count: > 0 } containers)
        {
            any.Append($"{alias}.rid IN ({string.Join(',', containers)})");
            separator = " OR ";
        }

        foreach (var (type, condition) in chain.Targets)
        {
            if (names.FindType(reader, type) is not { } number)
            {
                continue;
            }

            var target = NextAlias();
            any.Append(separator).Append($"{alias}.rid IN (SELECT f.rid FROM res {target} CROSS JOIN sp_ref f WHERE {target}.t = {number} AND {target}.deleted = 0 AND ")
                .Append(Of(condition, target, asSet: true)).Append($" AND {paths} AND f.tt = {number} AND f.tid = {target}.id)");
            separator = " OR ";
        }

        return separator.Length > 0 ? any.Append(")") : new SqlText(Nothing);
    }

    /// <summary>From the sources that fulfil the condition to what they refer to.</summary>
    private SqlText Has(HasCriterion has, string alias)
    {
        if (names.FindType(reader, has.Reference.ResourceType) is not { } number || tests.ReferencePaths([has.Reference], "f") is not { } paths)
        {
            return new SqlText(Nothing);
        }

        var (source, target) = (NextAlias(), NextAlias());
        return new SqlText($"{alias}.rid IN (SELECT {target}.rid FROM res {source} CROSS JOIN sp_ref f CROSS JOIN res {target} WHERE {source}.t = {number} AND {source}.deleted = 0 AND ")
            .Append(Of(has.Condition, source, asSet: true))
            .Append($" AND f.rid = {source}.rid AND {paths} AND {target}.t = f.tt AND {target}.id = f.tid)");
    }

    private IEnumerable<RowTest> Composite(IReadOnlyList<SearchParameter> parameters, CompositeOperand operand)
        => parameters.SelectMany(parameter => parameter.Composites).Select(branch => Composite(branch, operand)).OfType<RowTest>();

    /// <summary>All parts in one resource, and where the composite says so in the same repetition of its element.</summary>
    private RowTest? Composite(CompositeBranch branch, CompositeOperand operand)
    {
        SqlText? condition = null;
        var parts = branch.Components.Zip(operand.Parts).OrderByDescending(part => part.First.IsGrouped).ToList();
        foreach (var (component, part) in parts)
        {
            if (tests.Paths(component.Paths) is not { } paths)
            {
                return null;
            }

            var own = new SqlText(paths + " AND ").Append(tests.Condition(ImpliedSystem.Resolve(component.Paths, part)));
            if (condition is null)
            {
                condition = own;
                continue;
            }

            var isJoined = branch.IsSameElement && component.IsGrouped;
            condition.Append(isJoined ? " AND (x.rid, x.g) IN (SELECT x.rid, x.g FROM " : " AND x.rid IN (SELECT x.rid FROM ")
                .Append($"{RowTestBuilder.TableOf(component.Type).Name} x WHERE ").Append(own).Append(")");
        }

        return condition is null ? null : new RowTest(RowTestBuilder.TableOf(parts[0].First.Type), condition, IsPoint: false);
    }

    private string NextAlias() => string.Create(CultureInfo.InvariantCulture, $"r{++aliases}");
}
