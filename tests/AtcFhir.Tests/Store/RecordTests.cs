using AtcFhir.Store;
using AtcFhir.Store.Records;

namespace AtcFhir.Tests.Store;

public class RecordTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ARecordStandsWithTheVersionThatSaysIt()
    {
        await using var test = Open();
        var written = await test.Create(Score(2, "2019-01-07", "s1"), "o1");

        var record = Assert.Single((await test.Store.Records(new RecordQuery("ecog"), Cancel)).Records);

        Assert.Equal(("s1", "{\"score\":2}", new DateTimeOffset(2019, 1, 7, 0, 0, 0, TimeSpan.Zero)), (record.Row.Subject, record.Row.Values, record.Row.Time!.Value));
        Assert.Equal(("Observation", "o1", "1", written.LastUpdated), (record.Type, record.Id, record.VersionId, record.RecordedAt));
    }

    [Fact]
    public async Task AsOfShowsTheRecordsOfThatTime()
    {
        await using var test = Open();
        var first = await test.Create(Score(1, "2019-01-07", "s1"), "o1");
        test.Time.Advance(TimeSpan.FromHours(1));
        var second = await test.Update(Score(2, "2019-01-07", "s1"), "o1");
        test.Time.Advance(TimeSpan.FromHours(1));
        var gone = await test.Delete("Observation", "o1");

        Assert.Empty(await Values(test, first.LastUpdated.AddMilliseconds(-1)));
        Assert.Equal(["{\"score\":1}"], await Values(test, first.LastUpdated));
        Assert.Equal(["{\"score\":1}"], await Values(test, second.LastUpdated.AddMilliseconds(-1)));
        Assert.Equal(["{\"score\":2}"], await Values(test, second.LastUpdated));
        Assert.Empty(await Values(test, gone.LastUpdated));
        Assert.Empty((await test.Store.Records(new RecordQuery(), Cancel)).Records);
    }

    [Fact]
    public async Task RecordsAreSelectedBySubjectAndTimeAndComeInPages()
    {
        await using var test = Open();
        for (var day = 1; day <= 9; day++)
        {
            await test.Create(Score(day, $"2019-01-0{day}", day % 3 == 0 ? "s2" : "s1"));
        }

        await test.Create(Score(99, null, "s1"));

        Assert.Equal(["99", "1", "2", "4", "5", "7", "8"], await Scores(test, new RecordQuery(Subject: "s1")));
        Assert.Equal(["99", "1", "2", "4", "5", "7", "8"], await Scores(test, new RecordQuery("ecog", "s1", Limit: 1)));
        Assert.Equal(["99", "1", "2", "3", "4", "5", "6", "7", "8", "9"], await Scores(test, new RecordQuery("ecog", Limit: 4)));
        Assert.Equal(["4", "5"], await Scores(test, new RecordQuery("ecog", From: At(4), To: At(6))));
        Assert.Empty(await Scores(test, new RecordQuery("other")));
    }

    private static DateTimeOffset At(int day) => new(2019, 1, day, 0, 0, 0, TimeSpan.Zero);

    private static async Task<List<string>> Scores(TestStore test, RecordQuery query)
    {
        var found = new List<string>();
        RecordPosition? after = null;
        do
        {
            var page = await test.Store.Records(query with { After = after }, Cancel);
            found.AddRange(page.Records.Select(record => record.Row.Values["{\"score\":".Length..^1]));
            after = page.Next;
        }
        while (after is not null);
        return found;
    }

    private static async Task<List<string>> Values(TestStore test, DateTimeOffset asOf)
        => [.. (await test.Store.Records(new RecordQuery("ecog", AsOf: asOf), Cancel)).Records.Select(record => record.Row.Values)];

    private static string Score(int score, string? date, string subject)
        => $$"""{"resourceType":"Observation","status":"final","code":{"text":"ecog"},"subject":{"reference":"Patient/{{subject}}"},{{(date is null ? "" : $"\"effectiveDateTime\":\"{date}\",")}}"valueInteger":{{score}}}""";

    /// <summary>Takes every Observation for an ECOG score.</summary>
    private static TestStore Open() => new(options => options with
    {
        ExtractRecords = document => document.ResourceType != "Observation"
            ? []
            :
            [
                new RecordRow(
                    "ecog",
                    document.Root.Child("subject").Child("reference").Text!["Patient/".Length..],
                    document.Root.Child("effective").Text is { } date ? DateTimeOffset.Parse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null,
                    $$"""{"score":{{document.Root.Child("value").Text}}}"""),
            ],
    });
}
