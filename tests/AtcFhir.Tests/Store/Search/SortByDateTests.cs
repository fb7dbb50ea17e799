using AtcFhir.Store;
using AtcFhir.Store.Search;
using Npgsql;

namespace AtcFhir.Tests.Store.Search;

/// <summary>Pages in the order of a date, of more resources than are gone through in that order: all of them once, as a sort of everything gives them.</summary>
public class SortByDateTests
{
    private const int Goals = 6000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PagesHoldEachResourceOnceInTheOrderOfItsFirstDate()
    {
        await using var test = new TestStore();
        var all = Enumerable.Range(0, Goals).Select(number => new Dated(number)).ToList();
        foreach (var group in all.Chunk(500))
        {
            Assert.Null((await test.Commit([.. group.Select(dated => ResourceWrite.Update(test.Prepare(dated.Json, dated.Id)))])).Failure);
        }

        var deleted = all.Where(dated => dated.Number % 11 == 3).ToList();
        Assert.Null((await test.Commit([.. deleted.Select(dated => ResourceWrite.Delete("Goal", dated.Id))])).Failure);
        var living = all.Except(deleted).ToList();
        await Analyze(test);

        await Same(test, "", living);
        await Same(test, "&category=even", living.Where(dated => dated.Code == "even"));
        await Same(test, "&category=even&lifecycle-status=planned,active", living.Where(dated => dated.Code == "even" && dated.Status != "proposed"));
        await Same(test, "&category=even,odd&target-date=ge2003", living.Where(dated => dated.Code != "rare" && dated.Days.Any(day => day >= new DateOnly(2003, 1, 1))));
        await Same(test, "&category=rare", living.Where(dated => dated.Code == "rare"));
        await Same(test, "&category:not=even", living.Where(dated => dated.Code != "even"));
        await Same(test, "&_id=g7,g8,g9", living.Where(dated => dated.Number is 7 or 8 or 9));
    }

    [Fact]
    public async Task AResourceMadeBetweenTwoPagesDoesNotJoinIn()
    {
        await using var test = new TestStore();
        await test.Commit([.. Enumerable.Range(0, 20).Select(number => ResourceWrite.Update(test.Prepare(new Dated(number).Json, $"g{number}")))]);
        var first = await Page(test, "_sort=-target-date&_count=5", null);
        await test.Create(new Dated(1).Json, "new");

        var rest = await Page(test, "_sort=-target-date&_count=50", first.Next);

        Assert.Equal(20, first.Matches.Concat(rest.Matches).Select(match => match.Id).Where(id => id != "new").Distinct().Count());
        Assert.DoesNotContain(rest.Matches, match => match.Id == "new");
    }

    /// <summary>What the server does by itself within a minute.</summary>
    private static async Task Analyze(TestStore test)
    {
        if (test.Engine == StoreEngine.Postgres)
        {
            await using var connection = new NpgsqlConnection(test.ConnectionString);
            await connection.OpenAsync(Cancel);
            await using var analyze = new NpgsqlCommand("ANALYZE", connection);
            await analyze.ExecuteNonQueryAsync(Cancel);
        }
    }

    private static async Task Same(TestStore test, string conditions, IEnumerable<Dated> expected)
    {
        var all = expected.OrderBy(dated => dated.Number).ToList();
        await Same(test, "_sort=target-date" + conditions, [.. all.OrderBy(dated => dated.Days.Count == 0).ThenBy(dated => dated.Days.Order().FirstOrDefault())]);
        await Same(test, "_sort=-target-date" + conditions, [.. all.OrderBy(dated => dated.Days.Count == 0).ThenByDescending(dated => dated.Days.OrderDescending().FirstOrDefault())]);
    }

    private static async Task Same(TestStore test, string query, List<Dated> expected)
    {
        var (found, cursor) = (new List<string>(), (string?)null);
        do
        {
            var page = await Page(test, query + "&_count=300", cursor);
            found.AddRange(page.Matches.Select(match => match.Id));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(expected.Select(dated => dated.Id), found);
    }

    private static async Task<SearchPage> Page(TestStore test, string query, string? cursor)
    {
        var parsed = SearchRequest.Parse(test.Store.SearchParameters, "Goal", query, SearchHandling.Strict).Value.Query;
        return (await test.Store.Search(parsed with { Cursor = cursor }, Cancel)).Value;
    }

    /// <summary>A Goal that has no due date, one that many share, one of its own, or several.</summary>
    private sealed class Dated(int number)
    {
        private static readonly DateOnly Start = new(2000, 1, 1);

        public int Number => number;

        public string Id => $"g{number}";

        public string Code => number % 997 == 5 ? "rare" : number % 2 == 0 ? "even" : "odd";

        public string Status => (number % 5) switch
        {
            0 => "proposed",
            1 => "planned",
            _ => "active",
        };

        public IReadOnlyList<DateOnly> Days => (number % 7) switch
        {
            0 => [],
            1 or 2 => [Start.AddDays(100 * (number % 3))],
            3 => [Start.AddDays(number % 1000), Start.AddDays(number * 13 % 1700), Start.AddDays(number % 1000)],
            _ => [Start.AddDays(number * 7 % 2500)],
        };

        public string Json => $$"""{"resourceType":"Goal","lifecycleStatus":"{{Status}}","category":[{"coding":[{"code":"{{Code}}"}]}],"description":{"text":"x"},"subject":{"reference":"Patient/p"}{{Targets}}}""";

        private string Targets => Days.Count == 0 ? "" : $",\"target\":[{string.Join(',', Days.Select(day => $"{{\"dueDate\":\"{day:yyyy-MM-dd}\"}}"))}]";
    }
}
