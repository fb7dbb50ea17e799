using AtcFhir.R4.Documents;
using AtcFhir.Store;
using AtcFhir.Store.Side;
using AtcFhir.Trial.Synthetic;

namespace AtcFhir.Server.Sandbox;

/// <summary>
/// The days of the sandbox hospital. A day and its events are one transaction, so a day happens once, whatever interrupts it; what happened is
/// read from the store, so a restart goes on where the clock stood.
/// </summary>
internal sealed class SandboxCalendar(IResourceStore store, SyntheticHospital hospital, SandboxPersona persona)
{
    private static readonly AuditEntry Ward = new("sandbox", "ward", "sandbox");

    public static SideSchema Schema { get; } = new("sandbox",
    [
        "CREATE TABLE sandbox_day (one INTEGER PRIMARY KEY CHECK (one = 1), day INTEGER NOT NULL);",
    ]);

    /// <summary>The last day that has happened; -1 before the first.</summary>
    public async Task<int> TodayAsync(CancellationToken cancel)
    {
        var rows = await store.Query(SideQuery.Of("SELECT day FROM sandbox_day"), cancel);
        return rows.Count == 0 ? -1 : (int)rows[0].Long(0);
    }

    /// <summary>Lets the days up to this one happen.</summary>
    public async Task AdvanceAsync(int through, CancellationToken cancel)
    {
        for (var day = await TodayAsync(cancel) + 1; day <= through; day++)
        {
            // The last version of the day is what the ward wrote; two writes on one resource would not fit in one transaction.
            var writes = new Dictionary<(string Type, string Id), ResourceWrite>();
            foreach (var happened in hospital.EventsOf(day))
            {
                var document = ResourceDocument.Parse(persona.Rename(happened.Utf8)).Value;
                var id = persona.IdOf(happened.Id);
                writes[(happened.ResourceType, id)] = ResourceWrite.Update(store.Prepare(document, id), id);
            }

            var commit = await store.Commit(new WriteBatch([.. writes.Values], writes.Count == 0 ? null : Ward)
            {
                Statements =
                [
                    SideStatement.Of("INSERT INTO sandbox_day (one, day) VALUES (1, -1) ON CONFLICT DO NOTHING"),
                    new("UPDATE sandbox_day SET day = $1 WHERE day = $2", [day, day - 1], ExpectedRows: 1),
                ],
            }, cancel);
            if (commit.Failure is { } failure)
            {
                throw new InvalidOperationException("The sandbox hospital's day cannot be stored: " + failure.Issues[0].Text);
            }
        }
    }
}
