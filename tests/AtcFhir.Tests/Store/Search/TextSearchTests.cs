using AtcFhir.Store.Search;

namespace AtcFhir.Tests.Store.Search;

public class TextSearchTests
{
    [Theory]
    [InlineData("_text=bone", "bone")]
    [InlineData("_text=BONE", "bone")]
    [InlineData("_text=liver metastases", "liver")]
    [InlineData("_text=liver AND metastases", "liver")]
    [InlineData("_text=(bone OR liver) AND metastases", "bone,liver")]
    [InlineData("_text=bone OR liver", "bone,liver")]
    [InlineData("_text=\"metastases in the\"", "bone,liver")]
    [InlineData("_text=\"the metastases\"", "")]
    [InlineData("_text=metas*", "bone,liver")]
    [InlineData("_text=metas", "")]
    [InlineData("_text=div", "")]
    [InlineData("_text=cafe", "liver")]
    [InlineData("_content=cafe", "liver")]
    [InlineData("_content=Noted", "bone")]
    [InlineData("_text=Noted", "")]
    [InlineData("_content=metastases&status=final", "liver")]
    [InlineData("_content=metastases&_text=bone", "bone")]
    [InlineData("_content=metastases&_sort=-_id", "liver,bone")]
    public async Task FindsWords(string query, string expected)
    {
        await using var test = await Store();

        Assert.Equal(expected, string.Join(',', await test.Ids("Observation", query)));
    }

    [Fact]
    public async Task PagesAndTotalsAreThoseOfTheMatches()
    {
        await using var test = await Store();
        for (var i = 0; i < 1100; i++)
        {
            await test.Create($$"""{"resourceType":"Basic","code":{"text":"{{(i % 100 == 7 ? "needle" : "hay")}}"} }""", $"b{i:0000}");
        }

        var (seen, query) = (new List<string>(), SearchRequest.Parse(test.Store.SearchParameters, "Basic", "_content=needle&_count=4&_total=accurate").Value.Query);
        SearchPage page;
        do
        {
            page = (await test.Store.Search(query, TestContext.Current.CancellationToken)).Value;
            Assert.Equal(11, page.Total);
            seen.AddRange(page.Matches.Select(match => match.Id));
            query = query with { Cursor = page.Next };
        }
        while (page.Next is not null);

        Assert.Equal(Enumerable.Range(0, 11).Select(i => $"b{(i * 100) + 7:0000}"), seen);
    }

    [Theory]
    [InlineData("_text=(bone")]
    [InlineData("_text=bone OR")]
    [InlineData("_text=)")]
    [InlineData("_content=...")]
    public void WhatIsNoTextIsRefused(string query) => Assert.NotNull(SearchRequest.Parse(SearchParameterRegistry.R4, "Observation", query).Failure);

    [Fact]
    public async Task AListGivesWhatItRefersTo()
    {
        await using var test = await Store();
        await test.Create("""{"resourceType":"List","status":"current","mode":"working","entry":[{"item":{"reference":"Observation/bone"}}]}""", "problems");

        Assert.Equal(["bone"], await test.Ids("Observation", "_list=problems"));
        Assert.Empty(await test.Ids("Observation", "_list=none"));
        Assert.Contains("functional", SearchRequest.Parse(test.Store.SearchParameters, "Observation", "_list=$current-problems", SearchHandling.Strict).Failure!.Issues[0].Text, StringComparison.Ordinal);
    }

    private static async Task<TestStore> Store()
    {
        var test = new TestStore();
        await test.Create("""{"resourceType":"Observation","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Metastases in the <b>bone</b></p></div>"},"status":"preliminary","code":{"text":"Noted"}}""", "bone");
        await test.Create("""{"resourceType":"Observation","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Metastases in the liver, caf&#233;</div>"},"status":"final","code":{"text":"x"}}""", "liver");
        await test.Create("""{"resourceType":"Observation","status":"final","code":{"text":"without narrative"}}""", "none");
        return test;
    }
}
