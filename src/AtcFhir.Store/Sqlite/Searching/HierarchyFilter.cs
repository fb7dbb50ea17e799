using AtcFhir.Store.Search;
using AtcFhir.Store.Sql;
using AtcFhir.Store.Values;

namespace AtcFhir.Store.Sqlite.Searching;

/// <summary>The ids of a resource and of all above or below it, by a walk in the database that a circle does not keep going.</summary>
internal static class HierarchyFilter
{
    public static SqlText Members(ISqlSession reader, HierarchyOperand operand, long type, string? links, Uri? baseUrl)
    {
        var id = reader.Dialect.KeyOf(LocalReference.Of(operand.Text, baseUrl).Id);
        if (links is null)
        {
            return new SqlText("SELECT CAST(").Add($"{id} AS text)");
        }

        // The walk begins with a column: PostgreSQL wants it to keep one collation.
        var walk = new SqlText("WITH RECURSIVE h(id) AS (");
        _ = operand.IsAbove
            ? walk.Append($"SELECT q.id FROM res q WHERE q.t = {type} AND q.id").Add($" = {id}")
                .Append($" UNION SELECT f.tid FROM h CROSS JOIN res q CROSS JOIN sp_ref f WHERE q.t = {type} AND q.id = h.id AND q.deleted = 0 AND f.rid = q.rid AND {links} AND f.tt = {type}")
            : walk.Append($"SELECT f.tid FROM sp_ref f WHERE {links} AND f.tt = {type} AND f.tid").Add($" = {id}")
                .Append($" UNION SELECT q.id FROM h CROSS JOIN sp_ref f CROSS JOIN res q WHERE {links} AND f.tt = {type} AND f.tid = h.id AND q.rid = f.rid AND q.deleted = 0");
        return walk.Append(") SELECT CAST(").Add($"{id} AS text) UNION ALL SELECT id FROM h");
    }
}
