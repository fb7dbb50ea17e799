using AtcFhir.R4.Definitions;
using AtcFhir.Store.Search;
using AtcFhir.Store.Sql;

namespace AtcFhir.Store.Sqlite.Searching;

/// <summary>
/// What _include and _revinclude bring along; :iterate also follows what was brought. Each resource once, and no more than a limit.
/// <see href="https://hl7.org/fhir/R4/search.html#revinclude"/>
/// </summary>
internal sealed class IncludeCollector(ISqlSession reader, Names names, SearchParameterRegistry registry, RowTestBuilder tests)
{
    private const int Limit = 5000;

    private readonly HashSet<long> seen = [];
    private readonly List<StoredResource> included = [];

    public List<StoredResource> Collect(IReadOnlyList<IncludeDirective> directives, IReadOnlyList<FoundRow> page, IReadOnlyList<StoredResource> matches)
    {
        seen.UnionWith(page.Select(row => row.Resource));
        var round = page.Zip(matches, (row, match) => (row.Resource, match)).ToList();
        IEnumerable<IncludeDirective> active = directives;
        while (round.Count > 0 && included.Count < Limit)
        {
            var brought = new List<(long, StoredResource)>();
            foreach (var directive in active)
            {
                Follow(directive, round, brought);
            }

            round = brought;
            active = directives.Where(directive => directive.IsIterating);
        }

        return included;
    }

    private void Follow(IncludeDirective directive, List<(long Resource, StoredResource Match)> from, List<(long, StoredResource)> brought)
    {
        if (ParametersOf(directive) is not { Length: > 0 } parameters || tests.ReferencePaths(parameters) is not { } paths)
        {
            return;
        }

        var targetType = directive.TargetType is null ? null : names.FindType(reader, directive.TargetType);
        if (directive.TargetType is not null && targetType is null)
        {
            return;
        }

        foreach (var (resource, match) in from)
        {
            if (directive.IsReverse ? directive.TargetType is null || directive.TargetType == match.Type : match.Type == directive.SourceType)
            {
                Read(directive.IsReverse ? Sources(paths, match) : Targets(paths, resource, targetType), brought);
            }
        }
    }

    private SearchParameter[] ParametersOf(IncludeDirective directive) => registry.Of(directive.SourceType) is not { } parameters
        ? []
        : directive.Code is null
            ? [.. parameters.All.Where(parameter => parameter.Type == SearchParameterType.Reference)]
            : parameters.Find(directive.Code) is { } one ? [one] : [];

    private static SqlText Targets(string paths, long resource, long? targetType)
    {
        var sql = new SqlText("SELECT r.rid, r.seq FROM sp_ref x CROSS JOIN res r WHERE r.t = x.tt AND r.id = x.tid AND x.rid =").Add($" {resource}").Append($" AND {paths} AND r.deleted = 0");
        return targetType is null ? sql : sql.Append($" AND x.tt = {targetType}");
    }

    private SqlText Sources(string paths, StoredResource match)
        => new SqlText($"SELECT r.rid, r.seq FROM sp_ref x CROSS JOIN res r WHERE r.rid = x.rid AND {paths} AND x.tt = {names.FindType(reader, match.Type)} AND x.tid =")
            .Add($" {match.Id}").Append(" AND r.deleted = 0");

    private void Read(SqlText sql, List<(long, StoredResource)> brought)
    {
        var found = new List<(long Resource, long Seq)>();
        sql.Add($" LIMIT {Limit - (long)included.Count}").Read(reader, row => found.Add((row.Long(0), row.Long(1))));
        foreach (var (resource, seq) in found)
        {
            if (seen.Add(resource) && ResourceReader.Version(reader, seq) is { } version)
            {
                included.Add(version);
                brought.Add((resource, version));
            }
        }
    }
}
