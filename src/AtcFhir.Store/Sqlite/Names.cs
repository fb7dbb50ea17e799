using AtcFhir.Store.Extraction;
using AtcFhir.Store.Sql;

namespace AtcFhir.Store.Sqlite;

/// <summary>All that is numbered in the database.</summary>
internal sealed class Names
{
    private const char Separator = '\u001f';

    private static readonly string ManyPaths = NameTable.SelectManySql("param", "key", "p");

    public NameTable Types { get; } = new("SELECT t FROM rtype WHERE name = $1", "INSERT INTO rtype(name) VALUES($1)");

    public NameTable Paths { get; } = new("SELECT p FROM param WHERE key = $1", "INSERT INTO param(key) VALUES($1)");

    public NameTable Systems { get; } = new("SELECT s FROM sys WHERE uri = $1", "INSERT INTO sys(uri) VALUES($1)");

    public NameTable Units { get; } = new(
        "SELECT u FROM unit WHERE sys = $1 AND code = $2 AND name = $3",
        "INSERT INTO unit(sys, code, name) VALUES($1, $2, $3)",
        BindUnit);

    public static string UnitKey(string system, string code, string name) => string.Join(Separator, system, code, name);

    public long? FindType(ISqlSession reader, string type) => Types.Find(reader, type);

    public string TypeOf(ISqlSession reader, long type) => Types.NameOf(reader, type, "SELECT name FROM rtype WHERE t = $1");

    public long? FindPath(ISqlSession reader, IndexedPath path) => Paths.Find(reader, path.Key);

    public IReadOnlyList<long> FindPaths(ISqlSession reader, IEnumerable<IndexedPath> paths) => Paths.FindAll(reader, paths.Select(path => path.Key), ManyPaths);

    public void Commit()
    {
        Types.Commit();
        Paths.Commit();
        Systems.Commit();
        Units.Commit();
    }

    public void Rollback()
    {
        Types.Rollback();
        Paths.Rollback();
        Systems.Rollback();
        Units.Rollback();
    }

    private static void BindUnit(ISqlStatement statement, string name, SqlDialect dialect)
    {
        var parts = name.Split(Separator);
        statement.Bind(1, dialect.KeyOf(parts[0])).Bind(2, dialect.KeyOf(parts[1])).Bind(3, dialect.KeyOf(string.Join(Separator, parts[2..])));
    }
}
