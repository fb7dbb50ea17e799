using AtcFhir.Store.Writing;

namespace AtcFhir.Store.Sqlite.Searching;

/// <summary>A condition on the rows (alias x) of one index table; a resource matches when one of its rows does.</summary>
/// <param name="IsPoint">Only equalities of the leading key columns: one seek finds the rows, and with the resource given one seek proves it.</param>
/// <param name="IsUnique">No resource has two such rows.</param>
/// <param name="IsOrdered">The rows come in the order of resources, so a page can stop early.</param>
internal sealed record RowTest(IndexTable Table, SqlText Condition, bool IsPoint, bool IsOrdered = false, bool IsUnique = false)
{
    /// <summary>SELECT of the resources.</summary>
    public SqlText Resources => new SqlText($"SELECT x.rid FROM {Table.Name} x WHERE ").Append(Condition);
}
