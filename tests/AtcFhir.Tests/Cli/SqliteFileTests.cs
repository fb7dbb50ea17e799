using AtcFhir.Cli;
using AtcFhir.Tests.Store;

namespace AtcFhir.Tests.Cli;

public class SqliteFileTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ACopyTakesThePlaceOfTheDatabase()
    {
        await using var test = new TestStore();
        await test.Create("""{"resourceType":"Patient","gender":"male"}""", "p1");
        var backup = Path.Combine(test.Folder, "backup.db");

        await SqliteFile.Copy(test.ConnectionString, backup, Cancel);
        Assert.Null(await SqliteFile.FaultOf(backup, Cancel));
        await test.Update("""{"resourceType":"Patient","gender":"female"}""", "p1");
        await test.Store.DisposeAsync();
        SqliteFile.Replace(SqliteFile.PathOf(test.ConnectionString)!, backup);

        await test.Reopen();
        Assert.Contains("\"male\"", TestStore.Text((await test.Store.Read("Patient", "p1", Cancel))!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNoDatabaseIsNoBackup()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "this is not a database, but long enough to be looked at as one".PadRight(5000), Cancel);

        Assert.NotNull(await SqliteFile.FaultOf(file, Cancel));
        Assert.Null(SqliteFile.PathOf("Host=localhost"));
        File.Delete(file);
    }
}
