using System.Security.Cryptography;
using AtcFhir.Store;
using AtcFhir.Store.Writing;

namespace AtcFhir.Tests.Store;

public class AuditTests
{
    private const string Active = """{"resourceType":"Patient","active":true}""";
    private const string Inactive = """{"resourceType":"Patient","active":false}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EachWriteLeavesOneRowThatNamesActorReasonAndBodies()
    {
        await using var test = new TestStore();
        var entry = new AuditEntry("sync:default", "pull", "key-1", "dose given", "subject-7", "default");
        await test.Store.Commit(WriteBatch.Of(entry, ResourceWrite.Create(test.Prepare(Active, "p1"))), Cancel);
        var created = (await test.Store.Read("Patient", "p1", Cancel))!;
        var updated = await test.Update(Inactive, "p1");

        var rows = await test.Store.Audit(new AuditQuery(), Cancel);

        Assert.Equal(2, rows.Count);
        Assert.Equal((entry, "Patient", "p1", "1"), (rows[0].Entry, rows[0].Type, rows[0].Id, rows[0].VersionId));
        Assert.Null(rows[0].HashBefore);
        Assert.Equal(SHA256.HashData(created.Body.Span), rows[1].HashBefore!.Value.ToArray());
        Assert.Equal(SHA256.HashData(updated.Body.Span), rows[1].HashAfter!.Value.ToArray());
        Assert.Single(await test.Store.Audit(new AuditQuery(Patient: "subject-7"), Cancel));
    }

    [Fact]
    public async Task TheChainHoldsOverDeletionsAndRestarts()
    {
        await using var test = new TestStore();
        await test.Create(Active, "p1");
        await test.Delete("Patient", "p1");
        await test.Reopen();
        await test.Create(Active, "p2");

        var rows = await test.Store.Audit(new AuditQuery(), Cancel);

        Assert.Equal([1, 2, 3], rows.Select(row => row.Number));
        Assert.Equal([1, 2], (await test.Store.Audit(new AuditQuery(Type: "Patient", Id: "p1"), Cancel)).Select(row => row.Number));
        Assert.All(rows, row => Assert.Equal(AuditChain.HashOf(row), row.Hash.ToArray()));
        Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.Equal(pair.First.Hash.ToArray(), pair.Second.PrevHash.ToArray()));
    }

    [Fact]
    public async Task AChangedRowDoesNotFitItsHash()
    {
        await using var test = new TestStore();
        await test.Create(Active, "p1");

        var row = (await test.Store.Audit(new AuditQuery(), Cancel))[0];

        Assert.NotEqual(row.Hash.ToArray(), AuditChain.HashOf(row with { Entry = row.Entry with { Actor = "somebody else" } }));
        Assert.NotEqual(row.Hash.ToArray(), AuditChain.HashOf(row with { At = row.At.AddMilliseconds(1) }));
    }

    [Fact]
    public async Task AWriteWithoutSayingWhoIsABrokenPromise()
    {
        await using var test = new TestStore();

        await Assert.ThrowsAsync<ArgumentException>(async () => await test.Store.Commit(new WriteBatch([ResourceWrite.Create(test.Prepare(Active))], null), Cancel));

        Assert.Equal(0, await test.Store.LastSeq(Cancel));
    }
}
