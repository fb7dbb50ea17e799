using AtcFhir.Store.Sql;

namespace AtcFhir.Store.Sqlite;

/// <summary>Reads the counters that the writer keeps.</summary>
internal static class StatisticsReader
{
    public static IReadOnlyDictionary<string, long> Living(ISqlSession reader)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        new SqlText("SELECT y.name, s.living FROM stat s JOIN rtype y ON y.t = s.t WHERE s.living > 0").Read(reader, row => counts[row.Text(0)] = row.Long(1));
        return counts;
    }
}
