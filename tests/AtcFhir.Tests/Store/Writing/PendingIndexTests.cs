using AtcFhir.Store;
using AtcFhir.Store.Search;
using AtcFhir.Store.Side;

namespace AtcFhir.Tests.Store.Writing;

/// <summary>Index rows of a bulk load wait; nobody may notice.</summary>
public class PendingIndexTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AKillInABulkLoadLosesNoIndexRow()
    {
        using var copy = new CopyOfFiles();
        await using var test = new TestStore(options => options with { Checkpoint = at => copy.Take(at == "after commit", options.ConnectionString) });
        copy.Arm();
        await Load(test, 1, 20);

        Assert.Equal(0, await IndexRows(copy.ConnectionString));
        await using var after = ResourceStore.Open(new StoreOptions { ConnectionString = copy.ConnectionString, Time = test.Time });

        Assert.Equal(20, await Count(after, "_total=accurate"));
        Assert.Equal(1, await Count(after, "identifier=v7"));
        Assert.Equal(20, (await after.Query(SideQuery.Of("SELECT count(*) FROM sp_token WHERE code LIKE 'v%'"), Cancel))[0].Long(0));
    }

    [Fact]
    public async Task ASearchFindsAllThatWasAnsweredBefore()
    {
        await using var test = new TestStore();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(loader => Task.Run(async () =>
        {
            for (var round = 0; round < 10; round++)
            {
                var first = (loader * 1000) + (round * 10);
                await Load(test, first, 10);
                if (round % 3 == loader % 3)
                {
                    Assert.Equal(1, await Count(test.Store, $"identifier=v{first + 3}"));

                    // Long after the search the rows may wait again.
                    test.Time.Advance(TimeSpan.FromSeconds(2));
                }
            }
        })));

        Assert.Equal(800, await Count(test.Store, "_total=accurate&identifier:missing=false"));
    }

    [Fact]
    public async Task AConditionSeesWhatWaits()
    {
        await using var test = new TestStore();
        var condition = SearchRequest.Parse(test.Store.SearchParameters, "Patient", "identifier=v5", SearchHandling.Strict).Value.Query;

        var results = await Task.WhenAll(
            test.Commit([.. Enumerable.Range(0, 20).Select(number => ResourceWrite.Create(test.Prepare(Patient(number))))]),
            test.Commit(ResourceWrite.Create(test.Prepare(Patient(5))) with { Condition = condition }));

        Assert.Equal(WriteOutcome.Matched, results[1].Writes[0].Outcome);
        Assert.Equal(1, await Count(test.Store, "identifier=v5"));
    }

    [Fact]
    public async Task AChangeOfAResourceWhoseRowsWaitReplacesThem()
    {
        await using var test = new TestStore();
        await Task.WhenAll(
            test.Commit([.. Enumerable.Range(0, 20).Select(number => ResourceWrite.Create(test.Prepare(Patient(number), $"p{number}")))]),
            test.Commit(ResourceWrite.Update(test.Prepare(Patient(99), "p3"))),
            test.Commit(ResourceWrite.Delete("Patient", "p4")));

        Assert.Equal(0, await Count(test.Store, "identifier=v3"));
        Assert.Equal(0, await Count(test.Store, "identifier=v4"));
        Assert.Equal(1, await Count(test.Store, "identifier=v99"));
        Assert.Equal(19, (await test.Store.Query(SideQuery.Of("SELECT count(*) FROM sp_token WHERE code LIKE 'v%'"), Cancel))[0].Long(0));
    }

    [Fact]
    public async Task ABatchThatIsTakenBackLeavesNoRows()
    {
        await using var test = new TestStore();
        var fails = ResourceWrite.Update(test.Prepare(Patient(50), "nobody")) with { IfMatch = ["7"] };
        var results = await Task.WhenAll(
            test.Commit([.. Enumerable.Range(0, 10).Select(number => ResourceWrite.Create(test.Prepare(Patient(number))))]),
            test.Commit([.. Enumerable.Range(10, 10).Select(number => ResourceWrite.Create(test.Prepare(Patient(number)))), fails]),
            test.Commit([.. Enumerable.Range(20, 10).Select(number => ResourceWrite.Create(test.Prepare(Patient(number))))]));

        Assert.Equal([true, false, true], results.Select(result => result.Committed));
        Assert.Equal(0, await Count(test.Store, "identifier=v15"));
        Assert.Equal(20, await Count(test.Store, "_total=accurate&identifier:missing=false"));
        Assert.Equal(20, (await test.Store.Query(SideQuery.Of("SELECT count(*) FROM sp_token WHERE code LIKE 'v%'"), Cancel))[0].Long(0));
    }

    [Fact]
    public async Task AnotherProcessSearchesWhatWaitsHere()
    {
        await using var test = new TestStore();
        await using var other = test.OpenAnother();
        for (var round = 0; round < 10; round++)
        {
            await Load(test, round * 20, 20);
            test.Time.Advance(TimeSpan.FromSeconds(2));

            Assert.Equal(1, await Count(other, $"identifier=v{(round * 20) + 7}"));
        }

        Assert.Equal(200, await Count(test.Store, "_total=accurate&identifier:missing=false"));
    }

    [Fact]
    public async Task AWriteThatBreaksAPromiseFailsAloneAmongTheOthersOfItsGroup()
    {
        await using var test = new TestStore();
        var good = Enumerable.Range(0, 30).Select(number => Task.Run(() => test.Commit(ResourceWrite.Create(test.Prepare(Patient(number))))));
        var bad = Enumerable.Range(100, 5).Select(number => Task.Run(async () =>
            await Assert.ThrowsAsync<ArgumentException>(() => test.Store.Commit(new WriteBatch([ResourceWrite.Create(test.Prepare(Patient(number)))], null), Cancel).AsTask())));
        await Task.WhenAll([.. good, .. bad]);

        Assert.Equal(30, await Count(test.Store, "_total=accurate&identifier:missing=false"));
        Assert.Equal(30, await test.Store.LastSeq(Cancel));
        Assert.Equal(30, (await test.Store.Audit(new AuditQuery(), Cancel)).Count);
    }

    private static string Patient(int number) => $$"""{"resourceType":"Patient","identifier":[{"system":"s","value":"v{{number}}"}]}""";

    private static async Task Load(TestStore test, int first, int count)
    {
        var result = await test.Commit([.. Enumerable.Range(first, count).Select(number => ResourceWrite.Create(test.Prepare(Patient(number))))]);
        Assert.Null(result.Failure);
    }

    private static async Task<long> Count(IResourceStore store, string query)
    {
        var parsed = SearchRequest.Parse(store.SearchParameters, "Patient", query, SearchHandling.Strict).Value;
        return (await store.Count(parsed.Query, Cancel)).Value;
    }

    private static async Task<long> IndexRows(string connectionString)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection(connectionString);
        await connection.OpenAsync(Cancel);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sp_token WHERE code LIKE 'v%'";
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
