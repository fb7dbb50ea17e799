using AtcFhir.R4.Outcomes;
using AtcFhir.Store;
using AtcFhir.Store.Side;

namespace AtcFhir.Tests.Store;

public class SideTableTests
{
    private const string Active = """{"resourceType":"Patient","active":true}""";

    private static readonly SideSchema Leases = new("leases",
    [
        "CREATE TABLE lease(name TEXT PRIMARY KEY, epoch INTEGER NOT NULL); INSERT INTO lease VALUES('pull', 7)",
        "CREATE TABLE base(id TEXT PRIMARY KEY, ver TEXT NOT NULL, at INTEGER, raw BLOB)",
    ]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AFenceThatDoesNotHoldStopsTheWholeBatch()
    {
        await using var test = Open();

        var result = await test.Store.Commit(Fenced(test, epoch: 6), Cancel);

        Assert.Equal((FailureKind.Conflict, 0), (result.Failure!.Kind, result.FailedStatement));
        Assert.Equal(WriteOutcome.NotReached, result.Writes[0].Outcome);
        Assert.Equal(0, await test.Store.LastSeq(Cancel));
    }

    [Fact]
    public async Task FollowupsSeeWhatTheWritesLedTo()
    {
        await using var test = Open();
        var batch = Fenced(test, epoch: 7) with
        {
            Followups = [SideStatement.Of("INSERT INTO base(id, ver, at, raw) VALUES($1, $2, $3, $4)", new ResultOf(0, ResultField.Id), new ResultOf(0, ResultField.VersionId), new ResultOf(0, ResultField.LastUpdatedMilliseconds), new byte[] { 1, 2 })],
        };

        var result = await test.Store.Commit(batch, Cancel);
        var row = (await test.Store.Query(SideQuery.Of("SELECT id, ver, at, raw FROM base WHERE id = $1", "p1"), Cancel)).Single();

        Assert.True(result.Committed);
        Assert.Equal(("p1", "1", result.Writes[0].Resource!.LastUpdated), (row.Text(0), row.Text(1), row.Time(2)));
        Assert.Equal([1, 2], row.Bytes(3));
    }

    [Fact]
    public async Task AFollowupThatBreaksAConstraintTakesTheResourcesBack()
    {
        await using var test = Open();
        var insert = SideStatement.Of("INSERT INTO base(id, ver) VALUES($1, $2)", "same", "1");

        var result = await test.Store.Commit(Fenced(test, epoch: 7) with { Followups = [insert, insert] }, Cancel);

        Assert.Equal((FailureKind.Conflict, 2), (result.Failure!.Kind, result.FailedStatement));
        Assert.Null(await test.Store.Read("Patient", "p1", Cancel));
        Assert.Empty(await test.Store.Query(SideQuery.Of("SELECT 1 FROM base"), Cancel));
    }

    [Fact]
    public async Task StatementsAloneNeedNoAuditRow()
    {
        await using var test = Open();

        var result = await test.Store.Commit(new WriteBatch([], null) { Statements = [SideStatement.Of("UPDATE lease SET epoch = $1", 8)] }, Cancel);

        Assert.True(result.Committed);
        Assert.Equal(8, (await test.Store.Query(SideQuery.Of("SELECT epoch FROM lease"), Cancel))[0].Long(0));
        Assert.Empty(await test.Store.Audit(new AuditQuery(), Cancel));
    }

    [Fact]
    public async Task ParametersMayStandInAnyOrderAndMoreThanOnce()
    {
        await using var test = Open();

        var row = (await test.Store.Query(SideQuery.Of("SELECT $2, $1, $2", "a", 5L), Cancel))[0];

        Assert.Equal((5L, "a", 5L), (row.Long(0), row.Text(1), row.Long(2)));
    }

    [Fact]
    public async Task AValueThatEnginesStoreDifferentlyIsRefused()
    {
        await using var test = Open();

        await Assert.ThrowsAsync<ArgumentException>(async () => await test.Store.Query(SideQuery.Of("SELECT $1", 1.00m), Cancel));
    }

    [Fact]
    public async Task ABadStatementFailsItsOwnBatchOnly()
    {
        await using var test = Open();
        var bad = test.Store.Commit(new WriteBatch([], null) { Statements = [SideStatement.Of("UPDATE nowhere SET x = 1")] }, Cancel).AsTask();
        var good = test.Store.Commit(Fenced(test, epoch: 7), Cancel).AsTask();

        await Assert.ThrowsAnyAsync<Exception>(() => bad);
        Assert.True((await good).Committed);
    }

    [Fact]
    public async Task StepsAreAppliedOnceAndLaterOnesFollow()
    {
        await using var test = Open();
        await test.Reopen();
        await using var longer = new TestStore(options => options with { ConnectionString = test.ConnectionString, SideSchemas = [Leases with { Steps = [.. Leases.Steps, "ALTER TABLE lease ADD COLUMN owner TEXT"] }] });

        Assert.Single(await longer.Store.Query(SideQuery.Of("SELECT owner FROM lease"), Cancel));
        Assert.Throws<UnusableStoreException>(() => test.OpenAnother());
    }

    private static TestStore Open() => new(options => options with { SideSchemas = [Leases] });

    private static WriteBatch Fenced(TestStore test, int epoch) => WriteBatch.Of(TestStore.Tester, ResourceWrite.Create(test.Prepare(Active, "p1"))) with
    {
        Statements = [new SideStatement("UPDATE lease SET epoch = epoch WHERE name = $1 AND epoch = $2", ["pull", epoch], ExpectedRows: 1)],
    };
}
