using System.Collections;
using AtcFhir.R4.Documents;
using AtcFhir.Store;
using AtcFhir.Store.Records;

namespace AtcFhir.Tests.Store.Writing;

/// <summary>A group in which something breaks is taken back and written again.</summary>
public class GroupWriterTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatFailsOnlyWhenTheGroupIsWrittenAgainLeavesNothing()
    {
        using var gate = new ManualResetEventSlim();
        using var held = new ManualResetEventSlim();
        await using var test = new TestStore(options => options with
        {
            ExtractRecords = RecordsOf,
            Checkpoint = at =>
            {
                if (at == "before commit")
                {
                    held.Set();
                    gate.Wait(TimeSpan.FromSeconds(30));
                }
            },
        });
        var opener = test.Commit(ResourceWrite.Create(test.Prepare(Patient("good"), "opener")));
        held.Wait(Cancel);
        var fickle = test.Commit(ResourceWrite.Create(test.Prepare(Patient("breaks the second time"), "fickle")));
        var broken = test.Commit(ResourceWrite.Create(test.Prepare(Patient("breaks each time"), "broken")));
        var good = test.Commit(ResourceWrite.Create(test.Prepare(Patient("good"), "good")));
        gate.Set();

        await Assert.ThrowsAsync<IOException>(() => fickle);
        await Assert.ThrowsAsync<IOException>(() => broken);
        Assert.True((await opener).Committed);
        Assert.True((await good).Committed);
        Assert.Null(await test.Store.Read("Patient", "fickle", Cancel));
        Assert.Null(await test.Store.Read("Patient", "broken", Cancel));
        Assert.Equal(["opener", "good"], (await test.Store.Changes(0, ChangeFilter.All, 10, Cancel)).Select(change => change.Id));
        Assert.Empty((await ((IStoreMaintenance)test.Store).Check(Cancel)).Faults);
    }

    private static string Patient(string family) => $$"""{"resourceType":"Patient","name":[{"family":"{{family}}"}]}""";

    private static IReadOnlyList<RecordRow> RecordsOf(ResourceDocument document) => document.Root.Child("name").Child("family").Text switch
    {
        "breaks the second time" => new BreakingRecords(reads => reads == 2),
        "breaks each time" => new BreakingRecords(_ => true),
        _ => [],
    };

    /// <summary>Records are written after version, index and resource: who breaks here has rows behind it.</summary>
    private sealed class BreakingRecords(Func<int, bool> breaks) : IReadOnlyList<RecordRow>
    {
        private int reads;

        public int Count => 0;

        public RecordRow this[int index] => throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<RecordRow> GetEnumerator() => breaks(++reads) ? throw new IOException("a broken promise") : Enumerable.Empty<RecordRow>().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
