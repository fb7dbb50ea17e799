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
    public async Task WhoLooksForAStoreIsToldThatThereIsNoneAndMakesNone()
    {
        await using var test = new TestStore();
        var elsewhere = new NpgsqlConnectionStringBuilder(test.ConnectionString) { SearchPath = "no_such_schema" }.ConnectionString;

        await OpenExisting(test.ConnectionString).DisposeAsync();
        for (var time = 0; time < 2; time++)
        {
            Assert.Contains("There is no store at", Assert.Throws<UnusableStoreException>(() => OpenExisting(elsewhere)).Message, StringComparison.Ordinal);
        }
    }

    private static IResourceStore OpenExisting(string connectionString)
        => ResourceStore.Open(new StoreOptions { Engine = StoreEngine.Postgres, ConnectionString = connectionString, MustExist = true });

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
    public async Task LimitsThatTheDatabaseSetsForItsUsersDoNotEndWhatIsSound()
    {
        await using var test = new TestStore(options => options with { ConnectionString = options.ConnectionString + ";Options=-c statement_timeout=500" });

        Assert.Single(await test.Store.Query(SideQuery.Of("SELECT 1 FROM pg_sleep(1)"), Cancel));
    }

    /// <summary>idle_in_transaction_session_timeout: the database ends the writer's session between two statements of a write.</summary>
    [Fact]
    public async Task AWriteWhoseTransactionWasTooIdleForTheDatabaseIsWrittenAgain()
    {
        var (isIdle, database) = (false, "");
        await using var test = new TestStore(options => options with
        {
            ConnectionString = options.ConnectionString + ";Options=-c idle_in_transaction_session_timeout=1000",
            Checkpoint = at => { if (isIdle && at == "before commit") { isIdle = false; WaitForTheEndOfIdleTransactions(database); } },
        });
        database = test.ConnectionString;
        await test.Create(Active, "p1");
        isIdle = true;

        var written = await test.Commit(ResourceWrite.Create(test.Prepare(Active, "p2")));

        Assert.Null(written.Failure);
        Assert.Equal(["p1", "p2"], await test.Ids("Patient", "_sort=_id"));
        Assert.Equal(3, (await test.Create(Active, "p3")).Seq);
    }

    /// <summary>idle_session_timeout, as an operator sets it: sessions of the store are ended while nobody asks.</summary>
    [Fact]
    public async Task ASessionThatWasTooIdleForTheDatabaseIsMadeAnew()
    {
        await using var test = new TestStore(options => options with { ConnectionString = options.ConnectionString + ";Options=-c idle_session_timeout=1000" });
        await test.Create(Active, "p1");
        await test.Ids("Patient", "_id=p1");
        await Until(test.ConnectionString, "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()");

        Assert.Equal("p1", (await test.Store.Read("Patient", "p1", Cancel))!.Id);
        Assert.Equal(["p1"], await test.Ids("Patient", "active=true"));
        Assert.True((await test.Commit(ResourceWrite.Create(test.Prepare(Active, "p2")))).Committed);
    }

    /// <summary>pg_cancel_backend: a statement that somebody cancels is no fault of the request, and nothing of it is written.</summary>
    [Fact]
    public async Task AStatementThatAnOperatorCancelsIsBusy()
    {
        await using var test = new TestStore();
        await test.Create(Active, "p1");
        await using var blocker = new NpgsqlConnection(test.ConnectionString);
        await blocker.OpenAsync(Cancel);
        await using (var transaction = await blocker.BeginTransactionAsync(Cancel))
        {
            await using var locking = new NpgsqlCommand("LOCK TABLE ver IN ACCESS EXCLUSIVE MODE", blocker);
            await locking.ExecuteNonQueryAsync(Cancel);
            var write = test.Commit(ResourceWrite.Create(test.Prepare(Active, "p2")));
            var read = test.Store.Changes(0, ChangeFilter.All, 10, Cancel).AsTask();
            await Until(test.ConnectionString, "SELECT count(*) = 2 FROM pg_stat_activity WHERE application_name = current_setting('application_name') AND wait_event_type = 'Lock'");
            await Until(test.ConnectionString, "SELECT bool_and(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE application_name = current_setting('application_name') AND wait_event_type = 'Lock'");

            Assert.Equal(FailureKind.Busy, (await write).Failure!.Kind);
            await Assert.ThrowsAsync<StoreUnavailableException>(() => read);
        }

        Assert.Null(await test.Store.Read("Patient", "p2", Cancel));
        Assert.Equal(2, (await test.Create(Active, "p3")).Seq);
    }

    [Fact]
    public async Task AStoreThatIsOpenedWhileItsTablesAreLockedSaysThatItIsBusy()
    {
        await using var test = new TestStore(options => options with { BusyTimeout = TimeSpan.FromMilliseconds(50) });
        await using var blocker = new NpgsqlConnection(test.ConnectionString);
        await blocker.OpenAsync(Cancel);
        await using var transaction = await blocker.BeginTransactionAsync(Cancel);
        await using var locking = new NpgsqlCommand("LOCK TABLE setting, schema_step IN ACCESS EXCLUSIVE MODE", blocker);
        await locking.ExecuteNonQueryAsync(Cancel);

        Assert.Contains("busy", Assert.Throws<StoreUnavailableException>(test.OpenAnother).Message, StringComparison.Ordinal);
    }

    private static void WaitForTheEndOfIdleTransactions(string database)
    {
        using var connection = new NpgsqlConnection(database);
        connection.Open();
        using var command = new NpgsqlCommand("SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = current_setting('application_name') AND state LIKE 'idle in transaction%'", connection);
        SpinWait.SpinUntil(() => (bool)command.ExecuteScalar()!);
    }

    private static async Task Until(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        while ((await command.ExecuteScalarAsync(Cancel)) is not true)
        {
            await Task.Delay(10, Cancel);
        }
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
