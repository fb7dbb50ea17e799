using AtcFhir.R4.Outcomes;
using AtcFhir.Store;
using AtcFhir.Store.Side;

namespace AtcFhir.Tests.Store;

/// <summary>What is left when the process ends at the worst moment, and what two processes on one file do to each other.</summary>
public class DurabilityTests
{
    private const string Active = """{"resourceType":"Patient","active":true,"identifier":[{"system":"s","value":"v"}]}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("after batch", 1)]
    [InlineData("before commit", 1)]
    [InlineData("after commit", 2)]
    public async Task AKillLeavesWholeBatchesOnly(string moment, int expected)
    {
        PostgresSchema.SqliteOnly("The files of SQLite are copied; PostgreSQL keeps its own.");
        // The files as they are at that moment are what a killed process leaves behind.
        using var copy = new CopyOfFiles();
        await using var test = new TestStore(options => options with
        {
            Checkpoint = at => copy.Take(at == moment, options.ConnectionString),
        });
        await test.Create(Active, "p1");
        copy.Arm();
        await test.Commit(ResourceWrite.Create(test.Prepare(Active, "p2")), ResourceWrite.Delete("Patient", "p1"));

        await using var after = ResourceStore.Open(new StoreOptions { ConnectionString = copy.ConnectionString, Time = test.Time });

        Assert.Equal(expected == 1 ? 1 : 3, await after.LastSeq(Cancel));
        Assert.Equal(expected == 1, (await after.Read("Patient", "p1", Cancel))!.IsDeleted == false);
        Assert.Equal(expected == 1, await after.Read("Patient", "p2", Cancel) is null);
        Assert.Equal(expected == 1 ? 1 : 3, (await after.Audit(new AuditQuery(), Cancel)).Count);
        Assert.Equal(1, (await after.Query(SideQuery.Of("SELECT count(DISTINCT rid) FROM sp_token WHERE code = 'v'"), Cancel))[0].Long(0));
        Assert.Equal(1, (await after.Statistics(Cancel))["Patient"]);
    }

    [Fact]
    public async Task AnErrorBetweenTheStepsLeavesNothingAndTheWriterGoesOn()
    {
        var isBroken = false;
        await using var test = new TestStore(options => options with { Checkpoint = at => { if (isBroken && at == "before commit") { throw new IOException("disk"); } } });
        await test.Create(Active, "p1");
        isBroken = true;
        await Assert.ThrowsAsync<IOException>(() => test.Commit(ResourceWrite.Create(test.Prepare(Active, "p2"))));
        isBroken = false;

        var next = await test.Create(Active, "p3");

        Assert.Equal(2, next.Seq);
        Assert.Null(await test.Store.Read("Patient", "p2", Cancel));
        Assert.Equal(["p1", "p3"], await test.Ids("Patient", "identifier=v"));
    }

    [Fact]
    public async Task TwoProcessesOnOneFileShareOneOrder()
    {
        await using var test = new TestStore(options => options with { Time = TimeProvider.System });
        await using var other = test.OpenAnother();
        IResourceStore[] stores = [test.Store, other];

        await Task.WhenAll(Enumerable.Range(0, 60).Select(number => Task.Run(async () =>
        {
            var store = stores[number % 2];
            var result = await store.Commit(WriteBatch.Of(TestStore.Tester, ResourceWrite.Create(store.Prepare(TestStore.Document(Active)))), Cancel);
            Assert.Null(result.Failure);
        })));

        var changes = await other.Changes(0, ChangeFilter.All, 1000, Cancel);
        Assert.Equal(Enumerable.Range(1, 60).Select(number => (long)number), changes.Select(change => change.Seq));
        Assert.Equal(changes.Select(change => change.LastUpdated).Order(), changes.Select(change => change.LastUpdated));
        var audit = await other.Audit(new AuditQuery(), Cancel);
        Assert.All(audit.Zip(audit.Skip(1)), pair => Assert.Equal(pair.First.Hash.ToArray(), pair.Second.PrevHash.ToArray()));
        Assert.Equal(60, (await test.Search("Patient", "identifier=s|v&_total=accurate")).Total);
    }

    [Fact]
    public async Task AWriterThatWaitsTooLongForAnotherProcessSaysBusy()
    {
        PostgresSchema.SqliteOnly("PostgreSQL has its own test of the lock.");
        await using var test = new TestStore(options => options with { BusyTimeout = TimeSpan.FromMilliseconds(50) });
        using var blocker = new Microsoft.Data.Sqlite.SqliteConnection(test.ConnectionString);
        await blocker.OpenAsync(Cancel);
        await using var transaction = blocker.BeginTransaction(deferred: false);

        var result = await test.Commit(ResourceWrite.Create(test.Prepare(Active)));

        Assert.Equal(FailureKind.Busy, result.Failure!.Kind);
    }

    [Fact]
    public async Task AClosedStoreRefusesWork()
    {
        var test = new TestStore();
        await test.DisposeAsync();

        Assert.Equal(FailureKind.Busy, (await test.Commit(ResourceWrite.Delete("Patient", "p1"))).Failure!.Kind);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await test.Store.Read("Patient", "p1", Cancel));
    }
}
