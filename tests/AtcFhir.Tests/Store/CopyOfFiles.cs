namespace AtcFhir.Tests.Store;

/// <summary>The database's files, copied while it is open: what a killed process leaves behind.</summary>
internal sealed class CopyOfFiles : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("atcfhir-kill-");
    private bool isArmed;

    public string ConnectionString => $"Data Source={Path.Combine(folder.FullName, "store.db")};Pooling=false";

    public void Arm() => isArmed = true;

    /// <summary>Copies once after it was armed, when it is time.</summary>
    public void Take(bool isTime, string connectionString)
    {
        if (!isArmed || !isTime)
        {
            return;
        }

        isArmed = false;
        var source = connectionString["Data Source=".Length..];
        foreach (var suffix in (string[])["", "-wal"])
        {
            File.Copy(source + suffix, Path.Combine(folder.FullName, "store.db" + suffix));
        }
    }

    public void Dispose() => folder.Delete(recursive: true);
}
