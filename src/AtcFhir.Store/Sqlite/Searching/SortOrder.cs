using AtcFhir.R4.Definitions;
using AtcFhir.Store.Search;

namespace AtcFhir.Store.Sqlite.Searching;

/// <summary>
/// The order of results as SQL: the keys of _sort, then the number of the resource, so that the order is total and a page can go on exactly behind the
/// last entry of the page before. A resource without a value comes last; one with several is placed by its first in that direction.
/// <see href="https://hl7.org/fhir/R4/search.html#sort"/>
/// </summary>
internal sealed class SortOrder
{
    private readonly List<(string Expression, bool IsDescending, bool CanLack)> keys = [];
    private readonly List<string> joins = [];

    public static SortOrder Of(IReadOnlyList<SearchSort> sort, RowTestBuilder tests)
    {
        var order = new SortOrder();
        foreach (var key in sort)
        {
            order.Add(key, tests);
        }

        if (sort is [{ Parameters: [{ Type: SearchParameterType.Date }, ..] } only] && tests.Paths(RowTestBuilder.PathsOf(only.Parameters), "") is { } path && path.StartsWith(".p = ", StringComparison.Ordinal))
        {
            order.DatePath = path[1..];
        }

        return order;
    }

    public int Keys => keys.Count;

    /// <summary>"p = …" when all that is sorted by are the dates of one path.</summary>
    public string? DatePath { get; private set; }

    /// <summary>Whether the first key falls.</summary>
    public bool IsDescending => keys is [{ IsDescending: true }, ..];

    /// <summary>Joins that the key expressions need, behind FROM.</summary>
    public string Joins => string.Concat(joins);

    /// <summary>", key AS k0, …" for the column list.</summary>
    public string Columns => string.Concat(keys.Select((key, index) => $", {key.Expression} AS k{index}"));

    public string OrderBy => string.Concat(keys.Select((key, index) => $"{(key.CanLack ? $"k{index} IS NULL, " : "")}k{index}{(key.IsDescending ? " DESC" : "")}, ")) + "rid";

    /// <summary>The condition to stand behind a position: the key values, then the resource.</summary>
    public SqlText Behind(IReadOnlyList<object?> values, long resource) => Behind(values, resource, 0);

    private SqlText Behind(IReadOnlyList<object?> values, long resource, int index)
    {
        if (index == keys.Count)
        {
            return new SqlText("rid").Add($" > {resource}");
        }

        var (column, rest) = ($"k{index}", Behind(values, resource, index + 1));
        if (values[index] is not { } value)
        {
            return new SqlText($"({column} IS NULL AND ").Append(rest).Append(")");
        }

        var beyond = new SqlText($"({column} {(keys[index].IsDescending ? "<" : ">")} ").Add($"{value}");
        if (keys[index].CanLack)
        {
            beyond.Append($" OR {column} IS NULL");
        }

        return beyond.Append($" OR ({column} = ").Add($"{value}").Append(" AND ").Append(rest).Append("))");
    }

    private void Add(SearchSort key, RowTestBuilder tests)
    {
        if (key.Code is "_id" or "_lastUpdated")
        {
            keys.Add((key.Code == "_id" ? "r.id" : "r.seq", key.IsDescending, false));
            return;
        }

        if (tests.Paths(RowTestBuilder.PathsOf(key.Parameters)) is not { } paths)
        {
            keys.Add(("NULL", key.IsDescending, true));
            return;
        }

        var first = key.IsDescending ? "max" : "min";
        if (key.Parameters[0].Type == SearchParameterType.Date)
        {
            // A bare column would let a planner that knows no better go through the dates of all resources until it meets this one.
            keys.Add(($"(SELECT {first}(x.lo + 0) FROM sp_date x{tests.Dialect.DateByResource} WHERE {paths} AND x.rid = r.rid)", key.IsDescending, true));
            return;
        }

        var (table, name) = (RowTestBuilder.TableOf(key.Parameters[0].Type).Name, $"s{joins.Count}");
        joins.Add($" LEFT JOIN (SELECT x.rid AS rid, {first}(x.{ColumnOf(key.Parameters[0].Type)}) AS k FROM {table} x WHERE {paths}{Filled(key.Parameters[0].Type)} GROUP BY x.rid) {name} ON {name}.rid = r.rid");
        keys.Add(($"{name}.k", key.IsDescending, true));
    }

    /// <summary>A concept that has text only, a reference that has no target: nothing to sort by.</summary>
    private static string Filled(SearchParameterType type) => type is SearchParameterType.Token or SearchParameterType.Reference ? $" AND x.{ColumnOf(type)} <> ''" : "";

    private static string ColumnOf(SearchParameterType type) => type switch
    {
        SearchParameterType.Token => "code",
        SearchParameterType.Reference => "tid",
        SearchParameterType.String => "norm",
        SearchParameterType.Uri => "uri",
        _ => "v",
    };
}
