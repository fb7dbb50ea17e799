namespace AtcFhir.Store.Sqlite;

/// <summary>
/// The tables, as steps that are applied once each. Released steps never change. What each table is for: docs/store.md.
/// Index rows stand in tables clustered by (parameter, value, resource): a search is one seek, and the resource id at the end makes a probe one too.
/// </summary>
internal static class Schema
{
    public const string Name = "store";

    public static IReadOnlyList<string> Steps { get; } =
    [
        """
        CREATE TABLE setting(name TEXT PRIMARY KEY, value) WITHOUT ROWID;

        CREATE TABLE rtype(t INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE param(p INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
        CREATE TABLE sys(s INTEGER PRIMARY KEY, uri TEXT NOT NULL UNIQUE);
        CREATE TABLE unit(u INTEGER PRIMARY KEY, sys TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, UNIQUE(sys, code, name));
        INSERT INTO sys(s, uri) VALUES(0, '');

        CREATE TABLE ver(
            seq INTEGER PRIMARY KEY, rid INTEGER NOT NULL, ver INTEGER NOT NULL, t INTEGER NOT NULL,
            updated INTEGER NOT NULL, op INTEGER NOT NULL, audit INTEGER NOT NULL, body BLOB);
        CREATE UNIQUE INDEX ver_rid ON ver(rid, ver);
        CREATE INDEX ver_type ON ver(t, seq);

        CREATE TABLE res(
            rid INTEGER PRIMARY KEY, t INTEGER NOT NULL, id TEXT NOT NULL, ver INTEGER NOT NULL, seq INTEGER NOT NULL,
            updated INTEGER NOT NULL, deleted INTEGER NOT NULL, hash BLOB, keys BLOB);
        CREATE UNIQUE INDEX res_id ON res(t, id);
        CREATE INDEX res_seq ON res(t, seq) WHERE deleted = 0;
        CREATE INDEX res_type ON res(t) WHERE deleted = 0;

        CREATE TABLE stat(t INTEGER PRIMARY KEY, living INTEGER NOT NULL, versions INTEGER NOT NULL);

        CREATE TABLE sp_token(p INTEGER, code TEXT, rid INTEGER, s INTEGER, g INTEGER, txt TEXT, PRIMARY KEY(p, code, rid, s, g)) WITHOUT ROWID;
        CREATE TABLE sp_ref(p INTEGER, tt INTEGER, tid TEXT, rid INTEGER, g INTEGER, v TEXT, PRIMARY KEY(p, tt, tid, rid, g, v)) WITHOUT ROWID;
        CREATE INDEX sp_ref_rid ON sp_ref(rid, p, tt, tid);
        CREATE TABLE sp_date(p INTEGER, lo INTEGER, hi INTEGER, rid INTEGER, g INTEGER, PRIMARY KEY(p, lo, hi, rid, g)) WITHOUT ROWID;
        CREATE INDEX sp_date_rid ON sp_date(p, rid, lo, hi);
        CREATE TABLE sp_str(p INTEGER, norm TEXT, rid INTEGER, val TEXT, g INTEGER, PRIMARY KEY(p, norm, rid, val, g)) WITHOUT ROWID;
        CREATE TABLE sp_qty(p INTEGER, u INTEGER, v BLOB, rid INTEGER, g INTEGER, PRIMARY KEY(p, u, v, rid, g)) WITHOUT ROWID;
        CREATE TABLE sp_num(p INTEGER, v BLOB, rid INTEGER, g INTEGER, PRIMARY KEY(p, v, rid, g)) WITHOUT ROWID;
        CREATE TABLE sp_uri(p INTEGER, uri TEXT, rid INTEGER, PRIMARY KEY(p, uri, rid)) WITHOUT ROWID;
        CREATE TABLE cmp(pat TEXT, p INTEGER, code TEXT, rid INTEGER, s INTEGER, PRIMARY KEY(pat, p, code, rid, s)) WITHOUT ROWID;

        CREATE TABLE record(
            n INTEGER PRIMARY KEY, concept TEXT NOT NULL, subject TEXT, at INTEGER, vals TEXT NOT NULL,
            t INTEGER NOT NULL, rid INTEGER NOT NULL, ver INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER);
        CREATE INDEX record_concept ON record(concept, at, n);
        CREATE INDEX record_subject ON record(subject, concept, at, n) WHERE subject IS NOT NULL;
        CREATE INDEX record_rid ON record(rid) WHERE until IS NULL;

        CREATE TABLE audit(
            n INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, request TEXT NOT NULL,
            why TEXT, patient TEXT, hospital TEXT, type TEXT NOT NULL, id TEXT NOT NULL, ver TEXT NOT NULL,
            h_before BLOB, h_after BLOB, prev_hash BLOB NOT NULL, hash BLOB NOT NULL);
        CREATE INDEX audit_patient ON audit(patient) WHERE patient IS NOT NULL;
        """,
    ];

    /// <summary>Whether the database holds a store, of any age.</summary>
    public static bool IsThere(Connection connection)
    {
        var tables = connection.Prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_step'");
        var isThere = tables.Step();
        tables.Reset();
        return isThere;
    }

    /// <summary>Brings the tables of all parts up to date, each in one transaction, so that a crash leaves a whole step or none of it.</summary>
    public static void Upgrade(Connection connection, IReadOnlyList<Side.SideSchema> sides)
    {
        // Pages of 8 KB: fewer writes for the same rows (docs/performance.md). A database that exists keeps its own size.
        connection.Execute("PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            connection.Execute("CREATE TABLE IF NOT EXISTS schema_step(part TEXT PRIMARY KEY, steps INTEGER NOT NULL) WITHOUT ROWID");
            Apply(connection, Name, Steps);
            foreach (var side in sides)
            {
                Apply(connection, side.Name, side.Steps);
            }

            connection.Execute("COMMIT");
        }
        catch
        {
            connection.Execute("ROLLBACK");
            throw;
        }
    }

    private static void Apply(Connection connection, string part, IReadOnlyList<string> steps)
    {
        var read = connection.Prepare("SELECT steps FROM schema_step WHERE part = $1").Bind(1, part);
        var done = read.Step() ? (int)read.Long(0) : 0;
        read.Reset();
        if (done > steps.Count)
        {
            throw new UnusableStoreException($"The database was written by a newer program: part {part} is at step {done}, this program knows {steps.Count}.");
        }

        for (var step = done; step < steps.Count; step++)
        {
            connection.Execute(steps[step]);
        }

        connection.Prepare("INSERT INTO schema_step(part, steps) VALUES($1, $2) ON CONFLICT(part) DO UPDATE SET steps = excluded.steps")
            .Bind(1, part).Bind(2, steps.Count).Run();
    }
}
