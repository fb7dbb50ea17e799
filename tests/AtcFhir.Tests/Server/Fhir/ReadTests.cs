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
