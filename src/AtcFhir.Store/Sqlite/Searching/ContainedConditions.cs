using AtcFhir.Store.Extraction;
using AtcFhir.Store.Search;
using AtcFhir.Store.Sql;

namespace AtcFhir.Store.Sqlite.Searching;

/// <summary>
/// Conditions on contained resources. They are in no index (only which types a resource contains is), so each is read and compared with the condition; what
/// they refer to outside of their container is asked of the database. <see href="https://hl7.org/fhir/R4/search.html#contained"/>
/// </summary>
internal sealed class ContainedConditions(ISqlSession reader, Names names, SearchParameterRegistry registry, SearchExtractor extractor, PredicateBuilder predicates, Uri? baseUrl, DateTimeOffset now)
{
    /// <summary>Whether a version of a resource fulfils a search by its own content.</summary>
    public bool Holds(SearchQuery query, StoredResource version)
    {
        if (version.IsDeleted || (query.Types.Count > 0 && !query.Types.Contains(version.Type)))
        {
            return false;
        }

        using var opened = new Container(version.Body, extractor) { Stored = version };
        return query.Criteria.All(criterion => Holds(criterion, opened.Self)) && Fulfils(query, opened.Self);
    }

    /// <summary>Those of a search that are contained in the resource, with their place among all that it contains.</summary>
    public IEnumerable<(int Number, string Id, ReadOnlyMemory<byte> Body)> Matches(SearchQuery query, ReadOnlyMemory<byte> container)
    {
        using var opened = new Container(container, extractor);
        for (var number = 0; number < opened.Contained.Count; number++)
        {
            var one = opened.Contained[number];
            if ((query.Types.Count == 0 || query.Types.Contains(one.Type)) && query.Criteria.All(criterion => Holds(criterion, one)) && Fulfils(query, one))
            {
                yield return (number, one.Document.Id ?? "", one.Document.Utf8.ToArray());
            }
        }
    }

    /// <summary>The resources that refer by a chain to what they contain, and what they contain fulfils it.</summary>
    public List<long> Chained(ChainCriterion chain, string paths)
    {
        var types = chain.Targets.Select(target => names.FindType(reader, target.Type)).OfType<long>().ToList();
        var (candidates, found) = (new List<(long Resource, long Seq)>(), new List<long>());
        if (types.Count == 0)
        {
            return found;
        }

        new SqlText($"SELECT DISTINCT r.rid, r.seq FROM sp_ref f CROSS JOIN res r WHERE {paths} AND f.tt IN ({string.Join(',', types)}) AND f.tid =").Add($" {""}")
            .Append(" AND r.rid = f.rid AND r.deleted = 0").Read(reader, row => candidates.Add((row.Long(0), row.Long(1))));
        foreach (var (resource, seq) in candidates)
        {
            using var container = new Container(ResourceReader.Version(reader, seq)!.Body, extractor);
            if (Holds(chain, container.Self.Inside(chain.References)))
            {
                found.Add(resource);
            }
        }

        return found;
    }

    private bool Holds(Criterion criterion, ContainedResource one) => criterion switch
    {
        ValueCriterion value => new RowMatcher(one.Rows, baseUrl, now).Matches(WithoutHierarchies(value)),
        MissingCriterion missing => new RowMatcher(one.Rows, baseUrl, now).Has(missing.Parameters) != missing.IsMissing,
        IdCriterion id => id.Ids.Contains(one.Document.Id ?? "") != id.IsNegated,
        ChainCriterion chain => Holds(chain, one.Inside(chain.References)) || one.Outside(chain.References).Any(row => HoldsOutside(chain, row)),
        UpdatedCriterion updated when one.Stored is { } stored => updated.AnyOf.Any(operand => new RowMatcher([], baseUrl, now).IsWithin(stored.LastUpdated.UtcTicks, operand)),
        HasCriterion has when one.Stored is { } stored => IsThere(has, stored.Type, stored.Id),
        HasCriterion has => one.Container.Contained.Append(one.Container.Self)
            .Any(other => other.Type == has.Reference.ResourceType && other.Inside([has.Reference]).Contains(one) && Holds(has.Condition, other)),
        TypeCriterion type => type.Types.Contains(one.Type),
        AllCriterion all => all.Parts.All(part => Holds(part, one)),
        AnyCriterion any => any.Parts.Any(part => Holds(part, one)),
        NotCriterion not => !Holds(not.Part, one),
        ClosureCriterion { Closure: { WithReferenced: false, Besides: [] } closure } => ClosureFilter.Holds(registry, closure, one.Type, one.Document.Id, one.Rows),
        ClosureCriterion closure when one.Stored is { } stored => IsThere(closure, stored.Type, stored.Id),
        _ => false, // what is contained has no time of its own, and belongs to nobody but its container
    };

    /// <summary>What lies above and below a resource is asked of the database.</summary>
    private ValueCriterion WithoutHierarchies(ValueCriterion criterion)
        => criterion.AnyOf.Any(operand => operand is HierarchyOperand) ? criterion with { AnyOf = [.. criterion.AnyOf.SelectMany(Members)] } : criterion;

    private List<Operand> Members(Operand operand)
    {
        if (operand is not HierarchyOperand hierarchy)
        {
            return [operand];
        }

        var members = new List<Operand>();
        predicates.Members(hierarchy)?.Read(reader, row => members.Add(new ReferenceOperand($"{hierarchy.Type}/{row.Text(0)}", null)));
        return members;
    }

    private bool Holds(ChainCriterion chain, IEnumerable<ContainedResource> targets)
        => targets.Any(target => chain.Targets.Any(one => one.Type == target.Type && Holds(one.Condition, target)));

    private bool HoldsOutside(ChainCriterion chain, ReferenceRow row)
        => chain.Targets.Any(target => target.Type == row.Type && IsThere(target.Condition, row.Type, row.Id));

    /// <summary>Whether a resource of the store lives and fulfils a condition.</summary>
    private bool IsThere(Criterion condition, string type, string id)
    {
        var found = false;
        new SqlText("SELECT 1 FROM res r WHERE r.t =").Add($" {names.FindType(reader, type) ?? -1} AND r.id = {id}").Append(" AND r.deleted = 0 AND ")
            .Append(predicates.Of(condition, "r")).Read(reader, _ => found = true);
        return found;
    }

    private static bool Fulfils(SearchQuery query, ContainedResource one)
        => query.Texts.All(text => text.Expression.Matches(TextWords.Of(one.Document.Utf8, text.NarrativeOnly))) && query.Nears.All(near => near.Matches(one.Document.Utf8));
}
