using AtcFhir.Store;
using Microsoft.Data.Sqlite;

namespace AtcFhir.Tests.Store.Sqlite;

/// <summary>A database file that cannot be opened: what may pass is told from what will not.</summary>
public sealed class OpeningTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("atcfhir-open-");

    private string File => Path.Combine(folder.FullName, "store.db");

    [Fact]
    public void AFileThatIsNoDatabaseCannotBeUsed()
    {
        System.IO.File.WriteAllText(File, new string('x', 10_000));

        Assert.Contains("not a database", Assert.Throws<UnusableStoreException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APlaceThatIsNoFolderCannotBeUsed()
    {
        System.IO.File.WriteAllText(File, "");

        Assert.Throws<UnusableStoreException>(() => Open(Path.Combine(File, "below.db")));
    }

    [Fact]
    public void AnOptionThatIsNotKnownIsNamed() => Assert.Contains("colour", Assert.Throws<UnusableStoreException>(() => Open(File + ";colour=red")).Message, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public async Task ADatabaseOfANewerProgramCannotBeUsed()
    {
        await Open(File).DisposeAsync();
        Execute("UPDATE schema_step SET steps = 99");

        Assert.Contains("newer program", Assert.Throws<UnusableStoreException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALockedDatabaseMayBeOpenedLater()
    {
        await Open(File).DisposeAsync();
        using var other = new SqliteConnection($"Data Source={File};Pooling=False");
        other.Open();
        using var exclusive = new SqliteCommand("BEGIN EXCLUSIVE", other);
        exclusive.ExecuteNonQuery();

        Assert.Equal("Another process holds the database.", Assert.Throws<StoreUnavailableException>(Open).Message);
    }

    [Fact]
    public void AFolderInThePlaceOfTheFileCannotBeWritten()
    {
        Directory.CreateDirectory(File);

        Assert.Equal("The database file cannot be written.", Assert.Throws<StoreUnavailableException>(Open).Message);
    }

    [Fact]
    public void WhoLooksForAStoreIsToldThatThereIsNoneAndMakesNone()
    {
        var missing = Assert.Throws<UnusableStoreException>(() => OpenExisting(Path.Combine(folder.FullName, "data", "trial.db")));

        Assert.Contains(Path.Combine(folder.FullName, "data", "trial.db"), missing.Message, StringComparison.Ordinal);
        Assert.Contains("Store__ConnectionString", missing.Message, StringComparison.Ordinal);
        Assert.Empty(folder.GetFileSystemInfos());
    }

    [Fact]
    public async Task ADatabaseOfSomebodyElseIsNoStoreAndStaysAsItIs()
    {
        Execute("CREATE TABLE other(a)");
        var before = await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken);

        Assert.Throws<UnusableStoreException>(() => OpenExisting(File));

        Assert.Equal(before, await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WhoLooksForAStoreFindsIt()
    {
        await Open(File).DisposeAsync();

        await OpenExisting(File).DisposeAsync();
    }

    public void Dispose() => folder.Delete(recursive: true);

    private object Open() => Open(File);

    private static IResourceStore Open(string file) => ResourceStore.Open(new StoreOptions { ConnectionString = "Data Source=" + file, BusyTimeout = TimeSpan.FromMilliseconds(50) });

    private static IResourceStore OpenExisting(string file) => ResourceStore.Open(new StoreOptions { ConnectionString = "Data Source=" + file, MustExist = true });

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
#pragma warning disable CA2100 // Every text is a constant of this file.
        using var command = new SqliteCommand(sql, connection);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
