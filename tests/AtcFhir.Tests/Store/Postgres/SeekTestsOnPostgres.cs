using AtcFhir.Store;
using Npgsql;

namespace AtcFhir.Tests.Store.Postgres;

/// <summary>
/// What a read or a write of one resource looks at does not grow with the database, though the planner learned of a small one: a plan is kept for as
/// long as the statistics stand, and a bulk import is over before they are made anew.
/// </summary>
public class SeekTestsOnPostgres
{
    private const int Few = 10;
    private const int Many = 2000;
    private const int Group = 100;

    private int written;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreatesUpdatesAndReadsSeekThoughTheStatisticsAreOfAnEmptyDatabase()
    {
        await using var test = new TestStore();
        await using var connection = new NpgsqlConnection(test.ConnectionString);
        await connection.OpenAsync(Cancel);
        await Execute(connection, "DO $$ DECLARE name text; BEGIN FOR name IN SELECT relname FROM pg_stat_user_tables WHERE schemaname = current_schema LOOP EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = off)', name); END LOOP; END $$");
        await UseAll(test, 0, Few, 1);
        await Execute(connection, "ANALYZE");
        // A plan for whatever values come is made at the sixth use.
        for (var use = 0; use < 20; use++)
        {
            await UseAll(test, 0, Few, Few);
        }

        var before = await Looked(connection);
        await UseAll(test, Few, Many, Group);
        await UseAll(test, Few, Many, Group);
        await UseAll(test, Few, Many, Group);
        await Reopen(test, connection);
        var after = await Looked(connection);

        const int uses = 3 * Many;
        Assert.All(after, table => Assert.True(table.Value - before[table.Key] < 8 * uses, $"{table.Key}: {table.Value - before[table.Key]} rows were looked at for {uses} writes and reads."));
    }

    /// <summary>Writes each of them and reads it, in groups.</summary>
    private async Task UseAll(TestStore test, int first, int count, int group)
    {
        for (var start = first; start < first + count; start += group)
        {
            var numbers = Enumerable.Range(start, group).ToList();
            var result = await test.Commit([.. numbers.Select(number => ResourceWrite.Update(test.Prepare(Patient(++written), $"p{number}")))]);
            Assert.Null(result.Failure);
            Assert.All(await Task.WhenAll(numbers.Select(number => test.Store.Read("Patient", $"p{number}", Cancel).AsTask())), Assert.NotNull);
        }
    }

    /// <summary>Another one each time, so that an update takes rows of the index away and adds others.</summary>
    private static string Patient(int number)
        => $$"""{"resourceType":"Patient","identifier":[{"system":"urn:s","value":"v{{number}}"}],"name":[{"family":"Family {{number}}"}],"birthDate":"{{1900 + (number % 100)}}-01-01"}""";

    /// <summary>A session tells what it looked at when it ends.</summary>
    private static async Task Reopen(TestStore test, NpgsqlConnection connection)
    {
        await using var sessions = new NpgsqlCommand("SELECT array_agg(pid) FROM pg_stat_activity WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()", connection);
        var old = (int[])(await sessions.ExecuteScalarAsync(Cancel))!;
        await test.Reopen();
        await using var open = new NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY($1)", connection) { Parameters = { new() { Value = old } } };
        while ((long)(await open.ExecuteScalarAsync(Cancel))! > 0)
        {
            await Task.Delay(20, Cancel);
        }
    }

    /// <summary>Rows and entries of indexes that were looked at, by table.</summary>
    private static async Task<Dictionary<string, long>> Looked(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT t.relname, t.seq_tup_read + coalesce(t.idx_tup_fetch, 0) + (SELECT coalesce(sum(i.idx_tup_read), 0) FROM pg_stat_user_indexes i WHERE i.relid = t.relid)
            FROM pg_stat_user_tables t WHERE t.schemaname = current_schema
            """,
            connection);
        var looked = new Dictionary<string, long>();
        await using var rows = await command.ExecuteReaderAsync(Cancel);
        while (await rows.ReadAsync(Cancel))
        {
            looked[rows.GetString(0)] = (long)rows.GetDecimal(1);
        }

        return looked;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
