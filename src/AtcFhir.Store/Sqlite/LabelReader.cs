using AtcFhir.Store.Search;
using AtcFhir.Store.Sql;

namespace AtcFhir.Store.Sqlite;

/// <summary>
/// Finds one resource for each profile, tag and security label in use. The index knows labels in folded form only; how they are written stands in the resources.
/// </summary>
internal static class LabelReader
{
    public static AtcFhir.R4.Outcomes.Result<IReadOnlyList<StoredResource>> Read(ISqlSession reader, Names names, SearchParameterRegistry registry, string? type)
    {
        var types = type is null ? Types(reader) : [type];
        var tokens = Paths(reader, names, registry, types, "_tag", "_security");
        var uris = Paths(reader, names, registry, types, "_profile");
        var sql = new SqlText(
            $"SELECT max(r.seq) FROM sp_token x CROSS JOIN res r WHERE r.rid = x.rid AND x.p IN ({tokens}) GROUP BY x.p, x.s, x.code " +
            $"UNION SELECT max(r.seq) FROM sp_uri x CROSS JOIN res r WHERE r.rid = x.rid AND x.p IN ({uris}) GROUP BY x.uri");
        var places = new List<long>();
        sql.Read(reader, row => places.Add(row.Long(0)));
        return places.Select(seq => ResourceReader.Version(reader, seq)).OfType<StoredResource>().ToList();
    }

    private static List<string> Types(ISqlSession reader)
    {
        var types = new List<string>();
        new SqlText("SELECT name FROM rtype ORDER BY name").Read(reader, row => types.Add(row.Text(0)));
        return types;
    }

    private static string Paths(ISqlSession reader, Names names, SearchParameterRegistry registry, IReadOnlyList<string> types, params string[] codes)
        => string.Join(',', names.FindPaths(reader, types.SelectMany(type => codes.Select(code => registry.Of(type)?.Find(code))).OfType<SearchParameter>()
            .SelectMany(parameter => parameter.Sources).Select(source => source.Path)).Append(-1));
}
