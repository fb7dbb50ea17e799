using AtcFhir.Store.Sqlite;

namespace AtcFhir.Tests.Store.Sqlite;

public sealed class ConnectionPoolTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("atcfhir-pool-");
    private readonly ConnectionPool pool;
    private int opened;

    public ConnectionPoolTests() => pool = new ConnectionPool(() =>
    {
        opened++;
        return Connection.Open($"Data Source={Path.Combine(folder.FullName, "pool.db")}", TimeSpan.FromSeconds(1), TimeProvider.System);
    });

    [Fact]
    public void APoolThatNobodyUsesKeepsOneConnection()
    {
        Assert.Equal(1, ReadByTwo());
        pool.Rest();
        pool.Rest();
        Assert.Equal(1, ReadByTwo());
        Assert.Equal(3, opened);
    }

    [Fact]
    public void APoolThatIsInUseKeepsAll()
    {
        Assert.Equal(1, ReadByTwo());
        pool.Rest();
        Assert.Equal(1, ReadByTwo());
        pool.Rest();
        Assert.Equal(1, ReadByTwo());
        Assert.Equal(2, opened);
    }

    public void Dispose()
    {
        pool.Dispose();
        folder.Delete(recursive: true);
    }

    /// <summary>A read inside a read needs a connection of its own.</summary>
    private long ReadByTwo() => pool.Read(_ => pool.Read(inner => inner.Scalar("SELECT 1")));
}
