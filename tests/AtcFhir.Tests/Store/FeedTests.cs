using AtcFhir.Store;

namespace AtcFhir.Tests.Store;

public class FeedTests
{
    private const string Active = """{"resourceType":"Patient","active":true}""";
    private const string Basic = """{"resourceType":"Basic","code":{"text":"x"}}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HistoryOfAResourceIsNewestFirstWithDeletions()
    {
        await using var test = await WithHistory();

        var page = (await test.Store.History(new HistoryQuery("Patient", "p1"), Cancel)).Value;

        Assert.Equal(["3", "2", "1"], page.Entries.Select(entry => entry.VersionId));
        Assert.Equal([WriteKind.Delete, WriteKind.Update, WriteKind.Create], page.Entries.Select(entry => entry.Interaction));
        Assert.Equal(3, page.Total);
    }

    [Theory]
    [InlineData("Patient", 4)]
    [InlineData("Basic", 1)]
    [InlineData(null, 5)]
    [InlineData("Observation", 0)]
    public async Task HistoryOfATypeAndOfAllCountsVersions(string? type, int versions)
    {
        await using var test = await WithHistory();

        var page = (await test.Store.History(new HistoryQuery(type), Cancel)).Value;

        Assert.Equal((versions, versions), (page.Entries.Count, (int)page.Total));
    }

    [Fact]
    public async Task HistoryPagesMeetEveryVersionOnceThoughOthersWrite()
    {
        await using var test = await WithHistory();
        var seen = new List<long>();
        string? cursor = null;
        do
        {
            var page = (await test.Store.History(new HistoryQuery(Count: 2, Cursor: cursor), Cancel)).Value;
            seen.AddRange(page.Entries.Select(entry => entry.Seq));
            cursor = page.Next;
            await test.Create(Active);
        }
        while (cursor is not null);

        Assert.Equal([5, 4, 3, 2, 1], seen);
    }

    [Fact]
    public async Task ACursorOfAnotherHistoryIsRefused()
    {
        await using var test = await WithHistory();
        var page = (await test.Store.History(new HistoryQuery(Count: 1), Cancel)).Value;

        Assert.NotNull((await test.Store.History(new HistoryQuery("Patient", Count: 1, Cursor: page.Next), Cancel)).Failure);
        Assert.NotNull((await test.Store.History(new HistoryQuery(Count: 1, Cursor: page.Next + "A"), Cancel)).Failure);
        Assert.NotNull((await test.Store.History(new HistoryQuery(Count: 1, Cursor: "4"), Cancel)).Failure);
    }

    [Fact]
    public async Task SinceIncludesItsInstant()
    {
        await using var test = await WithHistory();
        var middle = (await test.Store.ReadVersion("Patient", "p1", "2", Cancel))!;

        var since = (await test.Store.History(new HistoryQuery(Since: middle.LastUpdated), Cancel)).Value;
        var after = (await test.Store.History(new HistoryQuery(Since: middle.LastUpdated.AddMilliseconds(1)), Cancel)).Value;

        Assert.Equal(middle.Seq, since.Entries[^1].Seq);
        Assert.Equal(middle.Seq + 1, after.Entries[^1].Seq);
    }

    [Fact]
    public async Task AtShowsWhatWasCurrentThen()
    {
        await using var test = await WithHistory();
        var second = (await test.Store.ReadVersion("Patient", "p1", "2", Cancel))!;
        var instant = second.LastUpdated.AddSeconds(1);

        var page = (await test.Store.History(new HistoryQuery("Patient", "p1", At: (instant, instant.AddMilliseconds(1))), Cancel)).Value;

        Assert.Equal(["2"], page.Entries.Select(entry => entry.VersionId));
    }

    [Fact]
    public async Task ChangesComeInOrderAndByType()
    {
        await using var test = await WithHistory();

        var all = await test.Store.Changes(0, ChangeFilter.All, 100, Cancel);
        var some = await test.Store.Changes(2, new ChangeFilter(["Basic"]), 100, Cancel);
        var limited = await test.Store.Changes(1, ChangeFilter.All, 2, Cancel);

        Assert.Equal([1, 2, 3, 4, 5], all.Select(change => change.Seq));
        Assert.Equal(["Basic"], some.Select(change => change.Type));
        Assert.Equal([2, 3], limited.Select(change => change.Seq));
    }

    [Fact]
    public async Task AReaderOfTheFeedMissesNothingThatIsWrittenMeanwhile()
    {
        await using var test = new TestStore();
        var writers = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var number = 0; number < 25; number++)
            {
                await test.Create(Active);
            }
        })));

        var seen = new List<long>();
        while (seen.Count < 200)
        {
            var isDone = writers.IsCompleted;
            seen.AddRange((await test.Store.Changes(seen.Count == 0 ? 0 : seen[^1], ChangeFilter.All, 7, Cancel)).Select(change => change.Seq));
            Assert.False(isDone && seen.Count < 200 && seen.Count > 0 && await test.Store.LastSeq(Cancel) == seen[^1]);
        }

        await writers;
        Assert.Equal(Enumerable.Range(1, 200).Select(number => (long)number), seen);
    }

    private static async Task<TestStore> WithHistory()
    {
        var test = new TestStore();
        await test.Create(Active, "p1");
        test.Time.Advance(TimeSpan.FromMinutes(1));
        await test.Update(Active, "p1");
        test.Time.Advance(TimeSpan.FromMinutes(1));
        await test.Create(Basic, "b1");
        test.Time.Advance(TimeSpan.FromMinutes(1));
        await test.Delete("Patient", "p1");
        test.Time.Advance(TimeSpan.FromMinutes(1));
        await test.Create(Active, "p2");
        return test;
    }
}
