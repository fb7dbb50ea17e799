using AtcFhir.Store.Sql;

namespace AtcFhir.Store.Sqlite.Searching;

/// <summary>
/// The first resources in the order of a date, when no condition leads to few: the index of dates is gone through in that order until the page is full,
/// instead of all resources being sorted for it. It ends after some thousand rows, so conditions that rarely hold cost no more than that beyond the sort.
/// </summary>
internal static class DateWalk
{
    private const int Window = 4000;

    /// <returns>
    /// The rows of a page in their order, without limit: resource, version, type, id, key. It has no resources beyond the window, nor those without a
    /// date, so only a page that it fills is right. Null when it cannot be gone through.
    /// </returns>
    public static SqlText? Of(SearchPlan plan, SortOrder order, PagePosition? after, long? newest, SqlDialect dialect)
    {
        if (plan.Checks is not { } checks || order.DatePath is not { } path || after?.Keys is [null])
        {
            return null;
        }

        var (direction, last, beyond) = order.IsDescending ? (" DESC", ">=", ">") : ("", "<=", "<");
        var rows = new SqlText($"FROM sp_date x WHERE x.{path}");
        if (after is { Keys: [long at], Resource: var resource })
        {
            var behind = order.IsDescending ? "<" : ">";
            rows.Append($" AND x.lo {behind}= ").Add($"{at}").Append($" AND (x.lo {behind} ").Add($"{at}").Add($" OR x.rid > {resource})");
        }

        // All rows of the last date that begins within the window, since those are told apart by their resources.
        var window = new SqlText("SELECT x.rid, x.lo, x.hi, x.g ").Append(rows).Append($" AND x.lo {last} coalesce((SELECT x.lo ").Append(rows)
            .Append($" ORDER BY x.lo{direction} LIMIT 1 OFFSET {Window}), {(order.IsDescending ? long.MinValue : long.MaxValue)}) ORDER BY x.lo{direction}, x.rid LIMIT {int.MaxValue}");
        // Each row is checked by itself, so that nothing else than its keys is looked at, whatever a planner makes of the statistics.
        var row = new SqlText("res r WHERE r.rid = w.rid AND ").Append(checks)
            .Append($" AND NOT EXISTS (SELECT 1 FROM sp_date x{dialect.DateByResource} WHERE x.{path} AND x.rid = r.rid AND (x.lo, x.hi, x.g) {beyond} (w.lo, w.hi, w.g))");
        var page = new SqlText("SELECT w.rid AS rid, r.seq AS seq, r.t AS t, r.id AS id, w.lo AS k0 FROM (").Append(window).Append(") w CROSS JOIN ");
        page = dialect.PlansByStatistics
            ? page.Append("LATERAL (SELECT r.seq, r.t, r.id FROM ").Append(row).Append(" OFFSET 0) r WHERE TRUE")
            : page.Append(row);
        if (newest is not null)
        {
            page.Add($" AND w.rid <= {newest}");
        }

        return page.Append($" ORDER BY w.lo{direction}, w.rid");
    }
}
