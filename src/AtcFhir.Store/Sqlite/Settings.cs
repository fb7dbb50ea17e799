using System.Text;
using AtcFhir.Store.Search;
using AtcFhir.Store.Side;
using AtcFhir.Store.Sql;

namespace AtcFhir.Store.Sqlite;

/// <summary>What the database keeps about itself.</summary>
internal static class Settings
{
    private const string CustomKey = "search-parameters";
    private const string CursorKey = "cursor-key";
    private const string ProbeKey = "probe";
    private const int KeyLength = 32;

    /// <summary>A write that changes nothing but shows whether the database takes writes.</summary>
    public static WriteBatch Probe { get; } = new([], null)
    {
        Statements = [SideStatement.Of("INSERT INTO setting(name, value) VALUES($1, $2) ON CONFLICT(name) DO UPDATE SET value = excluded.value", ProbeKey, new byte[KeyLength])],
    };

    public static IReadOnlyList<CustomSearchParameter> CustomParameters(ISqlSession connection)
    {
        var select = connection.Prepare("SELECT value FROM setting WHERE name = $1").Bind(1, CustomKey);
        try
        {
            return select.Step() ? CustomSearchParameter.FromJson(Encoding.UTF8.GetString(select.Bytes(0))) : [];
        }
        finally
        {
            select.Reset();
        }
    }

    public static SideStatement SaveCustomParameters(IReadOnlyList<CustomSearchParameter> parameters) => SideStatement.Of(
        "INSERT INTO setting(name, value) VALUES($1, $2) ON CONFLICT(name) DO UPDATE SET value = excluded.value", CustomKey, Encoding.UTF8.GetBytes(CustomSearchParameter.ToJson(parameters)));

    /// <summary>The key that signs cursors; made once, so that a cursor outlives the process.</summary>
    public static byte[] CursorKeyOf(ISqlSession connection, Entropy entropy)
    {
        var fresh = new byte[KeyLength];
        entropy(fresh);
        connection.Prepare("INSERT INTO setting(name, value) VALUES($1, $2) ON CONFLICT(name) DO NOTHING").Bind(1, CursorKey).BindValue(2, fresh).Run();
        var select = connection.Prepare("SELECT value FROM setting WHERE name = $1").Bind(1, CursorKey);
        try
        {
            select.Step();
            return select.Bytes(0);
        }
        finally
        {
            select.Reset();
        }
    }
}
