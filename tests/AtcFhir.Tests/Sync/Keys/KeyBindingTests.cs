using AtcFhir.Store;
using AtcFhir.Sync;
using AtcFhir.Sync.Keys;
using AtcFhir.Sync.Ledger;
using AtcFhir.Tests.Store;

namespace AtcFhir.Tests.Sync.Keys;

public class KeyBindingTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("atcfhir-binding-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ADatabaseTakesTheFirstKeyStoreAndItsCopiesOnly()
    {
        await using var test = new TestStore(options => options with { SideSchemas = [SyncTables.Schema] });
        using (var keys = Open("one"))
        {
            await KeyBinding.Check(test.Store, keys, Cancel);
            await KeyBinding.Check(test.Store, keys, Cancel);
        }

        Directory.CreateDirectory(PathOf("copy"));
        foreach (var file in Directory.GetFiles(PathOf("one")))
        {
            File.Copy(file, Path.Combine(PathOf("copy"), Path.GetFileName(file)));
        }

        using var copy = Open("copy");
        await KeyBinding.Check(test.Store, copy, Cancel);
        using var other = Open("other");
        Assert.Contains("is not the one that belongs", (await Assert.ThrowsAsync<UnusableStoreException>(async () => await KeyBinding.Check(test.Store, other, Cancel))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheKeyAloneIsNotTheKeyStore()
    {
        await using var test = new TestStore(options => options with { SideSchemas = [SyncTables.Schema] });
        using (var keys = Open("lost"))
        {
            await KeyBinding.Check(test.Store, keys, Cancel);
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Array.ForEach(Directory.GetFiles(PathOf("lost"), "keys.db*"), File.Delete);

        using var anew = Open("lost");
        await Assert.ThrowsAsync<UnusableStoreException>(async () => await KeyBinding.Check(test.Store, anew, Cancel));
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private string PathOf(string name) => Path.Combine(folder.FullName, name);

    private KeyStore Open(string name) => KeyStore.Open(new KeysOptions { ConnectionString = $"Data Source={Path.Combine(PathOf(name), "keys.db")}", KeyFile = Path.Combine(PathOf(name), "keys.key") });
}

public class KeyBindingTestsOnPostgres : KeyBindingTests;
