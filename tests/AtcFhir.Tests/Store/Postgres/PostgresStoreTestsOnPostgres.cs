using AtcFhir.R4.Outcomes;
using AtcFhir.Store;
using AtcFhir.Store.Side;
using Npgsql;

namespace AtcFhir.Tests.Store.Postgres;

/// <summary>What is PostgreSQL's own: several writers on one database, lost connections, limits of its texts and keys.</summary>
public class PostgresStoreTestsOnPostgres
{
    private const string Active = """{"resourceType":"Patient","active":true}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AReaderOfTheFeedIsNeverOvertakenThoughTwoProcessesWrite()
    {
        const int each = 60;
        await using var test = new TestStore(options => options with { Time = TimeProvider.System });
        await using var other = test.OpenAnother();
        var writing = Task.WhenAll(new[] { test.Store, other }.SelectMany(store => Enumerable.Range(0, each).Select(_ => Task.Run(async () =>
        {
            var result = await store.Commit(WriteBatch.Of(TestStore.Tester, ResourceWrite.Create(store.Prepare(TestStore.Document(Active)))), Cancel);
            Assert.Null(result.Failure);
        }))));

        var seen = new List<long>();
        while (seen.Count < 2 * each)
        {
            seen.AddRange((await other.Changes(seen.Count == 0 ? 0 : seen[^1], ChangeFilter.All, 7, Cancel)).Select(change => change.Seq));
        }

        await writing;
        Assert.Equal(Enumerable.Range(1, 2 * each).Select(number => (long)number), seen);
    }

    [Fact]
    public async Task WhatTheDatabaseRefusesFailsAloneInItsGroup()
    {
        using var gate = new ManualResetEventSlim();
        await using var test = new TestStore(options => options with { Checkpoint = at => { if (at == "before commit") { gate.Wait(TimeSpan.FromSeconds(10)); } } });
        var first = test.Commit(ResourceWrite.Create(test.Prepare(Active, "first")));
        var good = Enumerable.Range(0, 5).Select(number => test.Commit(ResourceWrite.Create(test.Prepare(Active, $"good-{number}")))).ToList();
        // No key of a B-tree is that long; the server never lets such an id pass.
        var bad = test.Commit(ResourceWrite.Create(test.Prepare(Active, string.Concat(Enumerable.Range(0, 3000).Select(number => number.ToString("x", CultureInfo.InvariantCulture))))));
        gate.Set();

        await Assert.ThrowsAsync<PostgresException>(() => bad);
        Assert.All(await Task.WhenAll(good.Append(first)), result => Assert.True(result.Committed));
        Assert.Equal(Enumerable.Range(1, 6).Select(number => (long)number), (await test.Store.Changes(0, ChangeFilter.All, 100, Cancel)).Select(change => change.Seq));
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=nobody")]
    [InlineData("Host=no-such-host.invalid;Username=nobody")]
    [InlineData("Host=/no/such/folder;Username=nobody")]
    public void ADatabaseThatIsAwayIsToldFromOneThatIsWrong(string connectionString)
        => Assert.Contains("cannot be reached", Assert.Throws<StoreUnavailableException>(() => Open(connectionString)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task ADatabaseThatIsWrongSaysSo()
    {
        await using var test = new TestStore();

        Assert.Contains("does not exist", Assert.Throws<UnusableStoreException>(() => Open(test.ConnectionString + ";Database=no_such_database")).Message, StringComparison.Ordinal);
        Assert.Contains("Hosst", Assert.Throws<UnusableStoreException>(() => Open("Hosst=x")).Message, StringComparison.OrdinalIgnoreCase);
    }

    private static IResourceStore Open(string connectionString) => ResourceStore.Open(new StoreOptions { Engine = StoreEngine.Postgres, ConnectionString = connectionString });

    [Fact]
    public async Task ALostConnectionIsMadeAnew()
    {
        await using var test = new TestStore();
        await test.Create(Active, "p1");
        await Kill(test.ConnectionString);

        Assert.Equal("p1", (await test.Store.Read("Patient", "p1", Cancel))!.Id);
        Assert.True((await test.Commit(ResourceWrite.Create(test.Prepare(Active, "p2")))).Committed);
    }

    [Fact]
    public async Task ADatabaseThatIsAwayIsBusyAndNothingIsWritten()
    {
        var isKilling = false;
        string? database = null;
        await using var test = new TestStore(options => options with { Checkpoint = at => { if (isKilling && at == "before commit") { KillNow(database!); } } });
        database = test.ConnectionString;
        await test.Create(Active, "p1");
        isKilling = true;
        var lost = await test.Commit(ResourceWrite.Create(test.Prepare(Active, "p2")));
        isKilling = false;

        Assert.Equal(FailureKind.Busy, lost.Failure!.Kind);
        Assert.Null(await test.Store.Read("Patient", "p2", Cancel));
        Assert.Equal(2, (await test.Create(Active, "p3")).Seq);
    }

    [Fact]
    public async Task AWriterThatWaitsTooLongForAnotherProcessSaysBusy()
    {
        await using var test = new TestStore(options => options with { BusyTimeout = TimeSpan.FromMilliseconds(50) });
        await using var blocker = new NpgsqlConnection(test.ConnectionString);
        await blocker.OpenAsync(Cancel);
        await using var transaction = await blocker.BeginTransactionAsync(Cancel);
        await using var command = new NpgsqlCommand("SELECT * FROM writer FOR UPDATE", blocker);
        await command.ExecuteNonQueryAsync(Cancel);

        var result = await test.Commit(ResourceWrite.Create(test.Prepare(Active)));

        Assert.Equal(FailureKind.Busy, result.Failure!.Kind);
    }

    [Fact]
    public async Task TextsThatPostgresCannotKeepAsTheyAreAreFoundAllTheSame()
    {
        var value = string.Concat(Enumerable.Range(0, 2000).Select(number => number.ToString("x", CultureInfo.InvariantCulture)));
        var name = string.Concat(Enumerable.Repeat("Nobody can remember this. ", 400));
        await using var test = new TestStore();
        await test.Create($$"""{"resourceType":"Patient","identifier":[{"system":"urn:{{value}}","value":"{{value}}"}],"name":[{"text":"{{name}}"},{"family":"a\u0000b"}]}""", "long");
        await test.Create($$"""{"resourceType":"Patient","identifier":[{"system":"urn:{{value}}","value":"{{value}}1"}],"name":[{"text":"{{name}} But this."}]}""", "other");

        Assert.Equal(["long"], await test.Ids("Patient", $"identifier=urn:{value}|{value}"));
        Assert.Equal(["long", "other"], await test.Ids("Patient", $"name={Uri.EscapeDataString(name[..^1])}"));
        Assert.Equal(["other"], await test.Ids("Patient", $"name={Uri.EscapeDataString(name + " But")}"));
        Assert.Equal(["long"], await test.Ids("Patient", "name=a%00"));
        Assert.Contains("\\u0000", TestStore.Text((await test.Store.Read("Patient", "long", Cancel))!), StringComparison.Ordinal);

        await test.Delete("Patient", "long");
        await test.Delete("Patient", "other");
        Assert.Equal(0, (await test.Store.Query(SideQuery.Of("SELECT (SELECT count(*) FROM sp_token) + (SELECT count(*) FROM sp_str)"), Cancel))[0].Long(0));
    }

    [Fact]
    public async Task TheCheckDerivesAllThatStandsInTheTablesAndFindsWhatDoesNot()
    {
        await using var test = new TestStore();
        await ExamplesRoundTripTests.StoreAll(test);
        await test.Create($$"""{"resourceType":"Patient","identifier":[{"system":"s","value":"{{new string('v', 900)}}"}],"name":[{"family":"a\u0000b"}]}""", "odd");

        var sound = await ((IStoreMaintenance)test.Store).Check(Cancel);
        await using var connection = new NpgsqlConnection(test.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand("UPDATE sp_token SET code = code || '!' WHERE rid = (SELECT max(rid) FROM res)", connection);
        await command.ExecuteNonQueryAsync(Cancel);
        var forged = await ((IStoreMaintenance)test.Store).Check(Cancel);

        Assert.Empty(sound.Faults);
        Assert.Equal(["Patient/odd: the index rows are not those of its body."], forged.Faults);
    }

    private static async Task Kill(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancel);
        await using var command = Killing(connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private static void KillNow(string database)
    {
        using var connection = new NpgsqlConnection(database);
        connection.Open();
        using var command = Killing(connection);
        command.ExecuteNonQuery();
    }

    /// <summary>Ends the connections that have this test's schema open; each says its name as that of its application.</summary>
    private static NpgsqlCommand Killing(NpgsqlConnection connection) => new("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()", connection);
}
