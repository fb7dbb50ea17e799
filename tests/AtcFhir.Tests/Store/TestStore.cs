using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.Store;
using AtcFhir.Store.Search;
using Microsoft.Extensions.Time.Testing;

namespace AtcFhir.Tests.Store;

/// <summary>A store on a database of its own, with a clock that the test moves.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    public static readonly AuditEntry Tester = new("test", "write", "request-1");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("atcfhir-store-");
    private readonly PostgresSchema? postgres = PostgresSchema.OfThisTest();
    private readonly Func<StoreOptions, StoreOptions> configure;

    public TestStore(Func<StoreOptions, StoreOptions>? configure = null)
    {
        this.configure = configure ?? (options => options);
        Store = OpenAnother();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2018, 10, 16, 8, 0, 0, TimeSpan.Zero));

    public IResourceStore Store { get; private set; }

    public string Folder => folder.FullName;

    public string ConnectionString => postgres?.ConnectionString ?? $"Data Source={Path.Combine(folder.FullName, "store.db")}";

    public StoreEngine Engine => postgres is null ? StoreEngine.Sqlite : StoreEngine.Postgres;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A second store on the same database, as another process would have it.</summary>
    public IResourceStore OpenAnother() => ResourceStore.Open(configure(new StoreOptions { Engine = Engine, ConnectionString = ConnectionString, Time = Time }));

    public async Task Reopen()
    {
        await Store.DisposeAsync();
        Store = OpenAnother();
    }

    public static ResourceDocument Document(string json) => ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value;

    public PreparedResource Prepare(string json, string? id = null) => Store.Prepare(Document(json), id);

    public async Task<StoredResource> Create(string json, string? id = null) => await Write(ResourceWrite.Create(Prepare(json, id)));

    public async Task<StoredResource> Update(string json, string id) => await Write(ResourceWrite.Update(Prepare(json, id)));

    public async Task<StoredResource> Delete(string type, string id) => await Write(ResourceWrite.Delete(type, id));

    public async Task<StoredResource> Write(ResourceWrite write)
    {
        var result = await Commit(write);
        Assert.Null(result.Failure);
        return result.Writes[0].Resource!;
    }

    public async Task<CommitResult> Commit(params ResourceWrite[] writes) => await Store.Commit(WriteBatch.Of(Tester, writes), Cancel);

    public async Task<SearchPage> Search(string? type, string query)
    {
        var parsed = SearchRequest.Parse(Store.SearchParameters, type, query, SearchHandling.Strict);
        Assert.True(parsed.Succeeded, parsed.Failure?.Issues[0].Text);
        var page = await Store.Search(parsed.Value.Query, Cancel);
        Assert.True(page.Succeeded, page.Failure?.Issues[0].Text);
        return page.Value;
    }

    /// <summary>The ids that a search finds, in order.</summary>
    public async Task<string[]> Ids(string? type, string query) => [.. (await Search(type, query)).Matches.Select(match => match.Id)];

    public static string Text(StoredResource resource) => Encoding.UTF8.GetString(resource.Body.Span);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        folder.Delete(recursive: true);
        postgres?.Dispose();
    }
}
