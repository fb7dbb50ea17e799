using AtcFhir.Store.Extraction;

namespace AtcFhir.Store.Sqlite;

/// <summary>All that is numbered in the database.</summary>
internal sealed class Names
{
    private const char Separator = '\u001f';

    private readonly NameTable types = new("SELECT t FROM rtype WHERE name = $1", "INSERT INTO rtype(name) VALUES($1)");
    private readonly NameTable paths = new("SELECT p FROM param WHERE key = $1", "INSERT INTO param(key) VALUES($1)");
    private readonly NameTable systems = new("SELECT s FROM sys WHERE uri = $1", "INSERT INTO sys(uri) VALUES($1)");
    private readonly NameTable units = new(
        "SELECT u FROM unit WHERE sys = $1 AND code = $2 AND name = $3",
        "INSERT INTO unit(sys, code, name) VALUES($1, $2, $3)",
        BindUnit);

    public long Type(Connection writer, string type) => types.Get(writer, type);

    public long? FindType(Connection reader, string type) => types.Find(reader, type);

    public long Path(Connection writer, IndexedPath path) => paths.Get(writer, path.Key);

    public long? FindPath(Connection reader, IndexedPath path) => paths.Find(reader, path.Key);

    public long System(Connection writer, string uri) => uri.Length == 0 ? 0 : systems.Get(writer, uri);

    public long Unit(Connection writer, string system, string code, string name)
        => units.Get(writer, string.Join(Separator, system, code, name));

    public void Commit()
    {
        types.Commit();
        paths.Commit();
        systems.Commit();
        units.Commit();
    }

    public void Rollback()
    {
        types.Rollback();
        paths.Rollback();
        systems.Rollback();
        units.Rollback();
    }

    private static void BindUnit(Statement statement, string name)
    {
        var parts = name.Split(Separator);
        statement.Bind(1, parts[0]).Bind(2, parts[1]).Bind(3, string.Join(Separator, parts[2..]));
    }
}
