using System.Text.Json;
using AtcFhir.Store.Search;

namespace AtcFhir.Tests.Store.Search;

/// <summary>
/// Search tables that others publish (derived from microsoft/fhir-server's tests, MIT): fixtures, queries and which fixtures must be found.
/// </summary>
public class ConformanceTests
{
    /// <summary>Rows that only state what one server does beyond R4, and that R4 does not ask for.</summary>
    private static readonly HashSet<string> BeyondR4 = new(StringComparer.Ordinal)
    {
        // More than seven digits of a second's fraction are refused there; here they are read.
        "date-118",
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("date")]
    [InlineData("quantity")]
    [InlineData("number")]
    [InlineData("uri")]
    [InlineData("reference")]
    [InlineData("token")]
    [InlineData("string")]
    [InlineData("composite")]
    public async Task FindsWhatTheTablesSay(string fixture)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Conformance.Folder, "search", "tables.json")));
        var tables = file.RootElement;
        await using var test = new TestStore();
        var resources = tables.GetProperty("fixtures").EnumerateArray().Single(item => item.GetProperty("name").GetString() == fixture).GetProperty("resources").EnumerateArray().ToList();
        var ids = new List<string>();
        foreach (var resource in resources)
        {
            ids.Add((await test.Create(resource.GetRawText().Replace("{tag}", "run1", StringComparison.Ordinal))).Id);
        }

        var wrong = new List<string>();
        var cases = tables.GetProperty("cases").EnumerateArray().Where(item => item.GetProperty("fixture").GetString() == fixture && !BeyondR4.Contains(item.GetProperty("id").GetString()!)).ToList();
        foreach (var row in cases)
        {
            await Check(test, row, ids, wrong);
        }

        Assert.NotEmpty(cases);
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {cases.Count}:\n{string.Join('\n', wrong)}");
    }

    private static async Task Check(TestStore test, JsonElement row, List<string> ids, List<string> wrong)
    {
        var query = row.GetProperty("query").GetString()!.Replace("{tag}", "run1", StringComparison.Ordinal);
        for (var index = 0; index < ids.Count; index++)
        {
            query = query.Replace($"{{id{index}}}", ids[index], StringComparison.Ordinal);
        }

        var expect = row.GetProperty("expect");
        var parsed = SearchRequest.Parse(test.Store.SearchParameters, row.GetProperty("type").GetString(), query, SearchHandling.Strict);
        if (expect.ValueKind == JsonValueKind.Object)
        {
            Note(parsed.Failure is not null, "accepted");
            return;
        }

        if (parsed.Failure is { } failure)
        {
            Note(false, failure.Issues[0].Text);
            return;
        }

        var page = (await test.Store.Search(parsed.Value.Query, Cancel)).Value;
        var found = page.Matches.Select(match => ids.IndexOf(match.Id)).Order().ToList();
        Note(found.SequenceEqual(expect.EnumerateArray().Select(index => index.GetInt32()).Order()), $"found [{string.Join(',', found)}]");

        void Note(bool isRight, string what)
        {
            if (!isRight)
            {
                wrong.Add($"{row.GetProperty("id")} {query[..Math.Min(query.Length, 150)]}: {what}, expected {expect}");
            }
        }
    }
}
