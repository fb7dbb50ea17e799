using System.Text;
using AtcFhir.R4.Definitions;
using AtcFhir.Store.Search;
using AtcFhir.Store.Sql;

namespace AtcFhir.Store.Sqlite.Searching;

/// <summary>
/// What _include and _revinclude bring along; :iterate also follows what was brought. Each resource once, and no more than a limit. What a reference to a version
/// brings is that version, which leads no further: the index is that of current versions.
/// <see href="https://hl7.org/fhir/R4/search.html#revinclude"/>
/// </summary>
internal sealed class IncludeCollector(ISqlSession reader, Names names, SearchParameterRegistry registry, RowTestBuilder tests)
{
    private const int Limit = 5000;

    private readonly HashSet<(long Resource, long Seq)> seen = [];
    private readonly List<StoredResource> included = [];

    public List<StoredResource> Collect(IReadOnlyList<IncludeDirective> directives, IReadOnlyList<FoundRow> page, IReadOnlyList<StoredResource> matches)
    {
        seen.UnionWith(page.Zip(matches, (row, match) => (row.Resource, match.Seq)));
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
                Read(directive.IsReverse ? Sources(paths, match) : Targets(paths, resource, targetType), match, brought);
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
        var sql = new SqlText("SELECT r.rid, r.seq, r.deleted, x.v FROM sp_ref x CROSS JOIN res r WHERE r.t = x.tt AND r.id = x.tid AND x.rid =").Add($" {resource}").Append($" AND {paths} AND (r.deleted = 0 OR x.v <> '')");
        return targetType is null ? sql : sql.Append($" AND x.tt = {targetType}");
    }

    private SqlText Sources(string paths, StoredResource match)
        => new SqlText($"SELECT r.rid, r.seq, r.deleted, '' FROM sp_ref x CROSS JOIN res r WHERE r.rid = x.rid AND {paths} AND x.tt = {names.FindType(reader, match.Type)} AND x.tid =")
            .Add($" {match.Id}").Append(" AND r.deleted = 0");

    private void Read(SqlText sql, StoredResource from, List<(long, StoredResource)> brought)
    {
        var found = new List<(long Resource, long Seq, bool IsDeleted, string Version)>();
        sql.Add($" LIMIT {Limit - (long)included.Count}").Read(reader, row => found.Add((row.Long(0), row.Long(1), row.Long(2) != 0, row.Text(3))));
        foreach (var (resource, current, isDeleted, version) in found)
        {
            var meant = version.Length > 0 ? SeqOf(resource, version, from) : null;
            if ((meant is null && isDeleted) || !seen.Add((resource, meant ?? current)) || ResourceReader.Version(reader, meant ?? current) is not { } stored)
            {
                continue;
            }

            included.Add(stored);
            if (stored.Seq == current)
            {
                brought.Add((resource, stored));
            }
        }
    }

    /// <summary>Where the version stands that a reference names; null when it is not here, or is the business version of a canonical.</summary>
    private long? SeqOf(long resource, string version, StoredResource from)
    {
        if (from.Body.Span.IndexOf(Encoding.UTF8.GetBytes($"/_history/{version}\"")) < 0 || !long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var select = reader.Prepare("SELECT seq FROM ver WHERE rid = $1 AND ver = $2 AND op <> 2").Bind(1, resource).Bind(2, number);
        try
        {
            return select.Step() ? select.Long(0) : null;
        }
        finally
        {
            select.Reset();
        }
    }
}
