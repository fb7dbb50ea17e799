using AtcFhir.Store.Search;
using AtcFhir.Store.Side;

namespace AtcFhir.Store.Sqlite;

/// <summary>What the database keeps about itself.</summary>
internal static class Settings
{
    private const string CustomKey = "search-parameters";
    private const string CursorKey = "cursor-key";
    private const int KeyLength = 32;

    public static IReadOnlyList<CustomSearchParameter> CustomParameters(Connection connection)
    {
        var select = connection.Prepare("SELECT value FROM setting WHERE name = $1").Bind(1, CustomKey);
        try
        {
            return select.Step() ? CustomSearchParameter.FromJson(select.Text(0)) : [];
        }
        finally
        {
            select.Reset();
        }
    }

    public static SideStatement SaveCustomParameters(IReadOnlyList<CustomSearchParameter> parameters) => SideStatement.Of(
        "INSERT INTO setting(name, value) VALUES($1, $2) ON CONFLICT(name) DO UPDATE SET value = excluded.value", CustomKey, CustomSearchParameter.ToJson(parameters));

    /// <summary>The key that signs cursors; made once, so that a cursor outlives the process.</summary>
    public static byte[] CursorKeyOf(Connection connection, Entropy entropy)
    {
        var fresh = new byte[KeyLength];
        entropy(fresh);
        connection.Prepare("INSERT INTO setting(name, value) VALUES($1, $2) ON CONFLICT(name) DO NOTHING").Bind(1, CursorKey).Bind(2, fresh.AsSpan()).Run();
        var select = connection.Prepare("SELECT value FROM setting WHERE name = $1").Bind(1, CursorKey);
        try
        {
            select.Step();
            return select.Blob(0).ToArray();
        }
        finally
        {
            select.Reset();
        }
    }
}
