namespace AtcFhir.Tests.Server;

/// <summary>A folder that goes when the test does.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("atcfhir-");

    public string Path => folder.FullName;

    /// <summary>Settings of a server that is started again over the same database, so that it has the same key store.</summary>
    public string[] Keys => [$"Keys:ConnectionString=Data Source={System.IO.Path.Combine(Path, "keys.db")}", $"Keys:KeyFile={System.IO.Path.Combine(Path, "keys.key")}"];

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }
}
