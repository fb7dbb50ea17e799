using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Search;
using AtcFhir.Store.Sql;

namespace AtcFhir.Store.Sqlite.Searching;

/// <summary>
/// An id without a type (subject=23) that fits several of the types which the parameter may refer to: the search is refused, as R4 wants it, since the answer
/// would mix a patient's resources with those of a group. A type fits when a resource of it has the id, or is referred to under it.
/// <see href="https://hl7.org/fhir/R4/search.html#reference"/>
/// </summary>
internal static class AmbiguousId
{
    public static Failure? Of(ISqlSession reader, Names names, RowTestBuilder tests, IReadOnlyList<Criterion> criteria)
        => criteria.Select(criterion => Of(reader, names, tests, criterion)).FirstOrDefault(failure => failure is not null);

    private static Failure? Of(ISqlSession reader, Names names, RowTestBuilder tests, Criterion criterion) => criterion switch
    {
        ValueCriterion value => value.AnyOf.Select(Untyped).OfType<string>().Select(id => Of(reader, names, tests, value.Parameters, id)).FirstOrDefault(failure => failure is not null),
        ChainCriterion chain => Of(reader, names, tests, [.. chain.Targets.Select(target => target.Condition)]),
        HasCriterion has => Of(reader, names, tests, has.Condition),
        AllCriterion all => Of(reader, names, tests, all.Parts),
        AnyCriterion any => Of(reader, names, tests, any.Parts),
        NotCriterion not => Of(reader, names, tests, not.Part),
        _ => null,
    };

    private static string? Untyped(Operand operand) => operand switch
    {
        ReferenceOperand { Type: null, Text: var text } when text.IndexOfAny(['/', ':', '|']) < 0 => text,
        UnequalOperand { Other: var other } => Untyped(other),
        _ => null,
    };

    private static Failure? Of(ISqlSession reader, Names names, RowTestBuilder tests, IReadOnlyList<SearchParameter> parameters, string id)
    {
        var types = parameters.SelectMany(CriterionParser.TargetTypes).Distinct(StringComparer.Ordinal)
            .Select(type => (Name: type, Number: names.FindType(reader, type))).Where(type => type.Number is not null).ToList();
        if (types.Count < 2)
        {
            return null;
        }

        var (fitting, paths) = (new List<long>(), tests.ReferencePaths(parameters) ?? "FALSE");
        new SqlText($"SELECT y.t FROM rtype y WHERE y.t IN ({string.Join(',', types.Select(type => type.Number))}) AND (EXISTS (SELECT 1 FROM res r WHERE r.t = y.t").Add($" AND r.id = {id} AND r.deleted = 0)")
            .Append($" OR EXISTS (SELECT 1 FROM sp_ref x WHERE {paths} AND x.tt = y.t").Add($" AND x.tid = {reader.Dialect.KeyOf(id)}))")
            .Read(reader, row => fitting.Add(row.Long(0)));
        if (fitting.Count < 2)
        {
            return null;
        }

        var (code, fits) = (parameters[0].Code, types.Where(type => fitting.Contains(type.Number!.Value)).Select(type => type.Name).Order(StringComparer.Ordinal).ToList());
        return SearchFailure.Parameter(code, $"{string.Join(" and ", fits)} have the id {id}; say which is meant, as in {code}:{fits[0]}={id}.", IssueCode.MultipleMatches);
    }
}
