using AtcFhir.Store.Sqlite;
using AtcFhir.Store.Writing;

namespace AtcFhir.Store.Records;

/// <summary>Keeps the records of a resource: those of the version before end when the new version begins.</summary>
internal static class RecordWriter
{
    public static void Replace(Connection writer, WriterState state, long type, ResourceRow version, IReadOnlyList<RecordRow> records)
    {
        if (version.Version > 1)
        {
            writer.Prepare("UPDATE record SET until = $1 WHERE rid = $2 AND until IS NULL").Bind(1, version.Updated).Bind(2, version.Rid).Run();
        }

        foreach (var record in records)
        {
            writer.Prepare("INSERT INTO record(n, concept, subject, at, vals, t, rid, ver, since) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)")
                .Bind(1, state.NextRecord()).Bind(2, record.Concept).Bind(3, record.Subject).BindValue(4, record.Time?.ToUnixTimeMilliseconds())
                .Bind(5, record.Values).Bind(6, type).Bind(7, version.Rid).Bind(8, version.Version).Bind(9, version.Updated).Run();
        }
    }
}
