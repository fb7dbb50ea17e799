using AtcFhir.Store.Sql;
using AtcFhir.Store.Sqlite;

namespace AtcFhir.Store.Records;

/// <summary>Reads records, by concept or subject, as of any time.</summary>
internal static class RecordReader
{
    /// <summary>How many records each concept has now.</summary>
    public static IReadOnlyDictionary<string, long> Counts(ISqlSession reader)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        new SqlText("SELECT concept, count(*) FROM record WHERE until IS NULL GROUP BY concept").Read(reader, row => counts[row.Text(0)] = row.Long(1));
        return counts;
    }

    public static RecordPage Read(ISqlSession reader, RecordQuery query)
    {
        var sql = new SqlText(
            """
            SELECT c.concept, c.subject, c.at, c.vals, y.name, r.id, c.ver, c.since, c.n
            FROM record c JOIN res r ON r.rid = c.rid JOIN rtype y ON y.t = c.t WHERE
            """);
        if (query.AsOf is { } asOf)
        {
            var at = asOf.ToUnixTimeMilliseconds();
            sql.Add($" c.since <= {at} AND (c.until IS NULL OR c.until > {at})");
        }
        else
        {
            sql.Append(" c.until IS NULL");
        }

        if (query.Concept is { } concept)
        {
            sql.Add($" AND c.concept = {concept}");
        }

        if (query.Subject is { } subject)
        {
            sql.Add($" AND c.subject = {subject}");
        }

        if (query.From is { } from)
        {
            sql.Add($" AND c.at >= {from.ToUnixTimeMilliseconds()}");
        }

        if (query.To is { } to)
        {
            sql.Add($" AND c.at < {to.ToUnixTimeMilliseconds()}");
        }

        // Records without a time come first; an index in SQLite has them there.
        if (query.After is { TimeMilliseconds: { } time } after)
        {
            sql.Add($" AND (c.at, c.n) > ({time}, {after.Number})");
        }
        else if (query.After is { } untimed)
        {
            sql.Add($" AND (c.at IS NOT NULL OR c.n > {untimed.Number})");
        }

        sql.Add($" ORDER BY c.at NULLS FIRST, c.n LIMIT {query.Limit + 1L}");
        var records = new List<(StoredRecord Record, RecordPosition Position)>();
        sql.Read(reader, row => records.Add((
            new StoredRecord(
                new RecordRow(row.Text(0), row.TextOrNull(1), row.LongOrNull(2) is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null, row.Text(3)),
                row.Text(4), row.Text(5), row.Long(6).ToString(CultureInfo.InvariantCulture), DateTimeOffset.FromUnixTimeMilliseconds(row.Long(7))),
            new RecordPosition(row.LongOrNull(2), row.Long(8)))));
        var hasMore = records.Count > query.Limit;
        return new RecordPage([.. records.Take(query.Limit).Select(record => record.Record)], hasMore ? records[query.Limit - 1].Position : null);
    }
}
