using AtcFhir.Server.Bulk;
using Microsoft.Extensions.DependencyInjection;

namespace AtcFhir.Tests.Server.Fhir;

public class ReadTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private ServerApp App => server.App;

    [Fact]
    public async Task GivesTheResourceWithItsVersionAndTime()
    {
        await App.Put("Patient/read-1", Resources.Patient("read-1"));

        var read = await App.Get("Patient/read-1");

        Assert.Equal(200, read.Status);
        Assert.Equal("W/\"1\"", read.Header("ETag"));
        Assert.NotNull(read.Header("Last-Modified"));
        Assert.Equal("application/fhir+json; charset=utf-8", read.Header("Content-Type"));
        Assert.Equal("1", (string?)read.Json["meta"]!["versionId"]);
    }

    [Fact]
    public async Task KeepsTheDecimalAsItWasWritten()
    {
        await App.Put("Observation/read-2", Resources.Observation("read-2", value: "1.10"));

        Assert.Contains("\"value\":1.10,", (await App.Get("Observation/read-2")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysNotFoundOfWhatNeverWas() => (await App.Get("Patient/nobody")).Refuses(404, "not-found");

    [Fact]
    public async Task SaysGoneOfWhatWasDeleted()
    {
        await App.Put("Patient/read-3", Resources.Patient("read-3"));
        await App.Delete("Patient/read-3");

        (await App.Get("Patient/read-3")).Refuses(410, "deleted");
    }

    [Fact]
    public async Task AnUnknownTypeIsNotFound() => (await App.Get("Patience/1")).Refuses(404, "not-supported");

    [Theory]
    [InlineData("If-None-Match", "W/\"1\"", 304)]
    [InlineData("If-None-Match", "W/\"2\"", 200)]
    [InlineData("If-None-Match", "W/\"9\", W/\"1\"", 304)]
    [InlineData("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT", 304)]
    [InlineData("If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT", 200)]
    public async Task SendsTheBodyOnlyWhenTheClientDoesNotHaveIt(string header, string value, int status)
    {
        await App.Put("Patient/read-4", Resources.Patient("read-4"), ("If-None-Match", "*"));

        var read = await App.Get("Patient/read-4", (header, value));

        Assert.Equal(status, read.Status);
        Assert.Equal(status == 304, read.Bytes.Length == 0);
    }

    [Fact]
    public async Task HeadGivesTheHeadersAlone()
    {
        await App.Put("Patient/read-5", Resources.Patient("read-5"));

        var head = await App.Send(HttpMethod.Head, "Patient/read-5", null);

        Assert.Equal(200, head.Status);
        Assert.Empty(head.Bytes);
        Assert.NotNull(head.Header("ETag"));
        Assert.True(int.Parse(head.Header("Content-Length")!, CultureInfo.InvariantCulture) > 100);
    }

    /// <summary>HTTP calls HEAD safe: <see href="https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1"/></summary>
    [Fact]
    public async Task HeadBeginsAndStoresNothing()
    {
        await App.Put("Patient/head-1", Resources.Patient("head-1"));
        await App.Put("Composition/head-1", """{"resourceType":"Composition","id":"head-1","status":"final","type":{"text":"Letter"},"date":"2019","author":[{"display":"x"}],"title":"Letter"}""");
        await App.Put("Group/head-1", """{"resourceType":"Group","id":"head-1","type":"person","actual":true,"member":[{"entity":{"reference":"Patient/head-1"}}]}""");
        var (jobs, seq) = (Jobs(), await App.Endpoint.Store.LastSeq(TestContext.Current.CancellationToken));

        foreach (var route in App.Endpoint.ServedRoutes.Where(route => route.Method == "GET" && !route.Pattern.Contains("$job", StringComparison.Ordinal)))
        {
            var path = route.Pattern.Replace("{type}", "Patient", StringComparison.Ordinal).Replace("{id}", "head-1", StringComparison.Ordinal)
                .Replace("{vid}", "1", StringComparison.Ordinal).Replace("{compartment}", "Observation", StringComparison.Ordinal);
            var head = await App.Send(HttpMethod.Head, path + "?persist=true", null, ("Prefer", "respond-async"));

            Assert.True(head.Status != 202 && head.Bytes.Length == 0, $"HEAD {path}: {head.Status}");
        }

        Assert.Equal((jobs, seq), (Jobs(), await App.Endpoint.Store.LastSeq(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task WhatBeginsAJobIsNotAskedByHead()
    {
        var head = await App.Send(HttpMethod.Head, "$export", null, ("Prefer", "respond-async"));
        var options = await App.Send(HttpMethod.Options, "$export", null);

        Assert.Equal((405, "GET, POST, OPTIONS"), (head.Status, head.Header("Allow")));
        Assert.Equal("GET, POST, OPTIONS", options.Header("Allow"));
    }

    private int Jobs() => App.Services.GetRequiredService<BulkJobs>().Folder.All().Count();

    [Fact]
    public async Task AVersionHasOneId()
    {
        await App.Put("Patient/read-one", Resources.Patient("read-one"));

        (await App.Get("Patient/read-one/_history/01")).Refuses(404, "not-found");
    }

    [Fact]
    public async Task VReadGivesEachVersion()
    {
        await App.Put("Patient/read-6", Resources.Patient("read-6", "First"));
        await App.Put("Patient/read-6", Resources.Patient("read-6", "Second"));

        Assert.Contains("First", (await App.Get("Patient/read-6/_history/1")).Text, StringComparison.Ordinal);
        Assert.Contains("Second", (await App.Get("Patient/read-6/_history/2")).Text, StringComparison.Ordinal);
        (await App.Get("Patient/read-6/_history/3")).Refuses(404, "not-found");
    }
}
