namespace AtcFhir.Tests.Server.Fhir;

/// <summary>Histories of a resource, a type and the system. <see href="https://hl7.org/fhir/R4/http.html#history"/></summary>
public class HistoryTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private ServerApp App => server.App;

    [Fact]
    public async Task TheNewestIsFirstAndEachEntrySaysWhatMadeIt()
    {
        await Write("Basic/history-1", "one", "two", null);

        var history = await App.Get("Basic/history-1/_history");

        Assert.Equal(("history", 3), ((string?)history.Json["type"], (int)history.Json["total"]!));
        Assert.Equal(["DELETE 204 No Content", "PUT 200 OK", "PUT 201 Created"], history.Entries.Select(entry => $"{entry["request"]!["method"]} {entry["response"]!["status"]}"));
        Assert.Equal([null, "two", "one"], history.Entries.Select(entry => (string?)entry["resource"]?["code"]!["text"]));
        Assert.All(history.Entries, entry => Assert.Equal("http://localhost/fhir/Basic/history-1", (string?)entry["fullUrl"]));
    }

    [Fact]
    public async Task APutThatMakesADeletedResourceAnewWasACreation()
    {
        await Write("Basic/history-6", "one", null, "two", "three");

        string[] expected = ["PUT 200 OK", "PUT 201 Created", "DELETE 204 No Content", "PUT 201 Created"];
        foreach (var path in new[] { "Basic/history-6/_history", "Basic/_history?_count=4", "_history?_count=4" })
        {
            Assert.Equal(expected, (await App.Get(path)).Entries.Select(entry => $"{entry["request"]!["method"]} {entry["response"]!["status"]}"));
        }
    }

    [Theory]
    [InlineData("Appointment/history-2/_history", "Appointment/history-2 Appointment/history-2 Appointment/history-2")]
    [InlineData("Appointment/_history", "Appointment/history-3 Appointment/history-2 Appointment/history-2 Appointment/history-2")]
    public async Task PagesGoOnWhereTheyEnded(string path, string expected)
    {
        if ((await App.Get("Appointment/history-3")).Status == 404)
        {
            foreach (var (id, count) in new[] { ("history-2", 3), ("history-3", 1) })
            {
                for (var version = 1; version <= count; version++)
                {
                    await App.Put("Appointment/" + id, $$"""{"resourceType":"Appointment","id":"{{id}}","status":"proposed","comment":"{{version}}","participant":[{"status":"accepted","actor":{"display":"x"} }]}""");
                }
            }
        }

        var (found, next) = (new List<string>(), path + "?_count=1");
        while (next is not null)
        {
            var page = await App.Get(next);
            found.Add(((string)page.Entries.Single()["fullUrl"]!)["http://localhost/fhir/".Length..]);
            next = page.Link("next") is { } url ? new Uri(url).PathAndQuery : null;
        }

        Assert.Equal(expected, string.Join(' ', found));
    }

    /// <summary>Which of two would count, nobody can tell.</summary>
    [Theory]
    [InlineData("_since=2018-01-01T00:00:00Z&_since=2019-01-01T00:00:00Z")]
    [InlineData("_at=2018&_at=2019")]
    [InlineData("_count=1&_count=2")]
    public async Task AParameterStandsOnce(string parameters) => (await App.Get($"Basic/_history?{parameters}")).Refuses(400, "invalid");

    [Theory]
    [InlineData("Basic/history-5/_history?_summary=count")]
    [InlineData("Basic/history-5/_history?_summary=count&_count=1")]
    public async Task ACountGivesTheTotalAlone(string path)
    {
        await Write("Basic/history-5", "one", "two");

        var history = await App.Get(path);

        Assert.True((int)history.Json["total"]! >= 2);
        Assert.Empty(history.Entries);
        Assert.Null(history.Link("next"));
    }

    [Fact]
    public async Task TimesLimitIt()
    {
        await Write("Basic/history-4", "one", "two", "three");
        var versions = (await App.Get("Basic/history-4/_history")).Entries.Select(entry => (string)entry["response"]!["lastModified"]!).Reverse().ToList();

        async Task<string> Texts(string query) => string.Join(' ', (await App.Get("Basic/history-4/_history?" + query)).Entries.Select(entry => (string?)entry["resource"]!["code"]!["text"]));
        Assert.Equal("three two", await Texts("_since=" + versions[1]));
        Assert.Equal("two", await Texts("_at=" + versions[1]));
        Assert.Equal("three", await Texts("_at=2999"));
        Assert.Equal("", await Texts("_at=1999"));
        Assert.Equal("three", await Texts("_count=1&_since=1999"));
        Assert.Contains("history-4", (await App.Get($"_history?_since={versions[2]}")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("history-4", (await App.Get($"Patient/_history?_since={versions[2]}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNotUnderstoodIsRefusedOrLeftOutOfSelf()
    {
        await Write("Basic/history-5", "one");

        (await App.Get("Basic/history-5/_history?_since=x")).Refuses(400, "invalid");
        (await App.Get("Basic/history-5/_history?_count=x")).Refuses(400, "invalid");
        (await App.Get("Basic/history-5/_history?_list=1")).Refuses(400, "not-supported");
        (await App.Get("Basic/history-5/_history?color=red", ("Prefer", "handling=strict"))).Refuses(400, "not-supported");
        Assert.Equal("http://localhost/fhir/Basic/history-5/_history?_count=1", (await App.Get("Basic/history-5/_history?_count=1&color=red")).Link("self"));
        (await App.Get("Basic/nobody/_history")).Refuses(404, "not-found");
        Assert.Equal(200, (await App.Send(HttpMethod.Head, "Basic/history-5/_history", null)).Status);
    }

    /// <summary>Null deletes.</summary>
    private async Task Write(string place, params string?[] texts)
    {
        foreach (var text in texts)
        {
            var written = text is null ? await App.Delete(place) : await App.Put(place, $$"""{"resourceType":"Basic","id":"{{place.Split('/')[1]}}","code":{"text":"{{text}}"} }""");
            Assert.True(written.Status < 300, written.Text);
        }
    }
}
