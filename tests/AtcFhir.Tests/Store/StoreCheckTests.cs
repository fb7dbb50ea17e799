using AtcFhir.Store;
using Microsoft.Data.Sqlite;

namespace AtcFhir.Tests.Store;

/// <summary>The check finds nothing in a sound store, and each kind of damage.</summary>
public class StoreCheckTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FindsNothingInASoundStore()
    {
        await using var test = new TestStore();
        await ExamplesRoundTripTests.StoreAll(test);
        await test.Delete("Patient", (await test.Create("""{"resourceType":"Patient"}""")).Id);

        var report = await Check(test);

        Assert.Equal([], report.Faults);
        Assert.True(report.Resources > 100 && report.IndexRows > 1000 && report.AuditRows == report.Versions, report.ToString());
    }

    [Theory]
    [InlineData("DELETE FROM sp_token WHERE rowid_of = 'first'", "index rows are not those")]
    [InlineData("UPDATE sp_str SET val = 'Forged' WHERE norm = 'janssen'", "index rows are not those")]
    [InlineData("INSERT INTO sp_uri(p, uri, rid) VALUES(1, 'urn:x', 1)", "index rows are not those")]
    [InlineData("UPDATE ver SET body = replace(body, 'Janssen', 'Jansson')", "not the one whose hash")]
    [InlineData("UPDATE res SET ver = 7", "not the one that its row names")]
    [InlineData("UPDATE stat SET living = living + 1", "counts")]
    [InlineData("UPDATE audit SET actor = 'somebody else'", "chain is broken")]
    [InlineData("UPDATE res SET keys = x''", "does not follow|do not follow")]
    public async Task FindsDamage(string damage, string expected)
    {
        await using var test = new TestStore();
        await test.Create("""{"resourceType":"Patient","name":[{"family":"Janssen"}],"gender":"female"}""", "p1");
        using (var connection = new SqliteConnection(test.ConnectionString + ";Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the test's own constants
            command.CommandText = damage.Replace("WHERE rowid_of = 'first'", "", StringComparison.Ordinal);
#pragma warning restore CA2100
            Assert.True(command.ExecuteNonQuery() > 0);
        }

        Assert.Contains((await Check(test)).Faults, fault => expected.Split('|').Any(part => fault.Contains(part, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ABackupIsTheStoreOfThatMoment()
    {
        await using var test = new TestStore();
        await test.Create("""{"resourceType":"Patient","name":[{"family":"Before"}]}""", "p1");
        var file = Path.Combine(test.Folder, "backup.db");

        await ((IStoreMaintenance)test.Store).Backup(file, Cancel);
        await test.Update("""{"resourceType":"Patient","name":[{"family":"After"}]}""", "p1");

        await using var copy = ResourceStore.Open(new StoreOptions { ConnectionString = $"Data Source={file}", Time = test.Time });
        Assert.Contains("Before", TestStore.Text((await copy.Read("Patient", "p1", Cancel))!), StringComparison.Ordinal);
        Assert.Equal(0, (await ((IStoreMaintenance)copy).Check(Cancel)).FaultCount);
        await Assert.ThrowsAsync<IOException>(async () => await ((IStoreMaintenance)test.Store).Backup(file, Cancel));
    }

    private static ValueTask<StoreReport> Check(TestStore test) => ((IStoreMaintenance)test.Store).Check(Cancel);
}
