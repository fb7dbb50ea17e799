using AtcFhir.R4.Outcomes;
using AtcFhir.Store.Search;
using AtcFhir.Store.Sql;

namespace AtcFhir.Store.Sqlite;

/// <summary>Reads versions: newest first for history, oldest first for the feed of changes. Both walk the primary key of ver.</summary>
internal static class HistoryReader
{
    private const string Select = $"SELECT {ResourceReader.ColumnsOfFeed} FROM ver v CROSS JOIN res r CROSS JOIN rtype y WHERE r.rid = v.rid AND y.t = v.t AND";
    private const string CursorKind = "history";

    public static Result<HistoryPage> History(ISqlSession reader, Names names, CursorSigner cursors, HistoryQuery query)
    {
        var before = long.MaxValue;
        var scope = $"{CursorKind}|{query.Type}|{query.Id}|{query.Since?.ToUnixTimeMilliseconds()}|{query.At}|{string.Join(',', query.Types)}";
        if (query.Cursor is { } cursor && (cursors.Open(scope, cursor) is not [{ } position] || !long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out before)))
        {
            return SearchFailure.BadCursor();
        }

        if (Scope(reader, names, query) is not { } filter)
        {
            return new HistoryPage([], null, 0);
        }

        var sql = new SqlText(Select).Append(filter).Add($" AND v.seq < {before} ORDER BY v.seq DESC LIMIT {query.Count + 1L}");
        var entries = new List<StoredResource>();
        sql.Read(reader, row => entries.Add(ResourceReader.RowOfFeed(row)));
        var page = entries.Take(query.Count).ToList();
        var next = entries.Count > page.Count && page.Count > 0 ? cursors.Sign(scope, [page[^1].Seq.ToString(CultureInfo.InvariantCulture)]) : null;
        return new HistoryPage(page, next, Total(reader, query, filter));
    }

    public static IReadOnlyList<StoredResource> Changes(ISqlSession reader, Names names, long after, ChangeFilter filter, int limit)
    {
        var sql = new SqlText(Select).Add($" v.seq > {after}");
        if (filter.Types is { } types)
        {
            var numbers = types.Select(type => names.FindType(reader, type)).OfType<long>().ToList();
            if (numbers.Count == 0)
            {
                return [];
            }

            sql.Append($" AND v.t IN ({string.Join(',', numbers)})");
        }

        sql.Add($" ORDER BY v.seq LIMIT {(long)limit}");
        var entries = new List<StoredResource>();
        sql.Read(reader, row => entries.Add(ResourceReader.RowOfFeed(row)));
        return entries;
    }

    /// <summary>The first place in the feed whose time is not before the given one. Time never falls along the feed, so this is a binary search.</summary>
    public static long FirstSeqAt(ISqlSession reader, long milliseconds)
    {
        var (low, high) = (1L, reader.Scalar("SELECT max(seq) FROM ver") + 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var select = reader.Prepare("SELECT seq, updated FROM ver WHERE seq >= $1 ORDER BY seq LIMIT 1").Bind(1, middle);
            var isAt = !select.Step() || select.Long(1) >= milliseconds;
            select.Reset();
            (low, high) = isAt ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private static SqlText? Scope(ISqlSession reader, Names names, HistoryQuery query)
    {
        var filter = new SqlText();
        if (query.Type is { } typeName)
        {
            if (names.FindType(reader, typeName) is not { } type)
            {
                return null;
            }

            if (query.Id is { } id)
            {
                if (Writing.ResourceRow.Find(reader, type, id) is not { } resource)
                {
                    return null;
                }

                filter.Add($" v.rid = {resource.Rid}");
            }
            else
            {
                filter.Add($" v.t = {type}");
            }
        }
        else if (query.Types.Count > 0)
        {
            filter.Append($" v.t IN ({string.Join(',', query.Types.Select(name => names.FindType(reader, name) ?? -1))})");
        }
        else
        {
            filter.Append(" TRUE");
        }

        if (query.Since is { } since)
        {
            filter.Add($" AND v.seq >= {FirstSeqAt(reader, since.ToUnixTimeMilliseconds())}");
        }

        if (query.At is { } at)
        {
            // Current at some time in the range: made before its end, and not replaced before its start.
            filter.Add($" AND v.seq < {FirstSeqAt(reader, at.To.ToUnixTimeMilliseconds())}");
            filter.Add($" AND NOT EXISTS (SELECT 1 FROM ver later WHERE later.rid = v.rid AND later.ver = v.ver + 1 AND later.updated <= {at.From.ToUnixTimeMilliseconds()})");
        }

        return filter;
    }

    private static long Total(ISqlSession reader, HistoryQuery query, SqlText filter)
    {
        if (query is { Id: null, Since: null, At: null, Types: [] })
        {
            return query.Type is null
                ? reader.Scalar("SELECT coalesce(sum(versions), 0) FROM stat")
                : TotalOf(reader, query.Type);
        }

        var total = 0L;
        new SqlText("SELECT count(*) FROM ver v WHERE").Append(filter).Read(reader, row => total = row.Long(0));
        return total;
    }

    private static long TotalOf(ISqlSession reader, string type)
    {
        var total = 0L;
        new SqlText("SELECT s.versions FROM stat s JOIN rtype y ON y.t = s.t WHERE").Add($" y.name = {type}").Read(reader, row => total = row.Long(0));
        return total;
    }
}
