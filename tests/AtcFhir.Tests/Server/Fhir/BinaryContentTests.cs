namespace AtcFhir.Tests.Server.Fhir;

/// <summary>Binaries as what they hold. <see href="https://hl7.org/fhir/R4/binary.html#rest"/></summary>
public class BinaryContentTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Content = "%PDF-1.7 € and \u0001";

    private ServerApp App => server.App;

    [Fact]
    public async Task WhatIsNoFhirIsTheContent()
    {
        var created = await App.Post("Binary", Content, ("Content-Type", "application/pdf"), ("X-Security-Context", "Patient/p1"));

        Assert.Equal(201, created.Status);
        Assert.Equal(("application/pdf", "Patient/p1"), ((string?)created.Json["contentType"], (string?)created.Json["securityContext"]!["reference"]));
        Assert.Equal(Content, System.Text.Encoding.UTF8.GetString(Convert.FromBase64String((string)created.Json["data"]!)));
    }

    [Theory]
    [InlineData(null, "application/pdf")]
    [InlineData("*/*", "application/pdf")]
    [InlineData("application/pdf", "application/pdf")]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "application/pdf")]
    [InlineData("application/fhir+json", "application/fhir+json; charset=utf-8")]
    [InlineData("application/fhir+json, */*; q=0.1", "application/fhir+json; charset=utf-8")]
    [InlineData("application/fhir+xml", "application/fhir+xml; charset=utf-8")]
    public async Task AReadGivesTheContentUnlessAFhirFormIsNamed(string? accept, string contentType)
    {
        await App.Put("Binary/binary-1", Content, ("Content-Type", "application/pdf"));

        foreach (var path in new[] { "Binary/binary-1", "Binary/binary-1/_history/1" })
        {
            var read = accept is null ? await App.Get(path) : await App.Get(path, ("Accept", accept));

            Assert.Equal((200, contentType), (read.Status, read.Header("Content-Type")));
            Assert.Equal(contentType == "application/pdf", read.Text == Content);
            Assert.Equal(contentType == "application/pdf" ? "attachment" : null, read.Header("Content-Disposition"));
            Assert.NotNull(read.Header("ETag"));
        }
    }

    [Fact]
    public async Task AFormMayBeAskedForByItsParameter()
    {
        await App.Put("Binary/binary-2", Content, ("Content-Type", "text/plain"));

        Assert.Equal("Binary", (await App.Get("Binary/binary-2?_format=json")).ResourceType);
        Assert.Equal("text/plain", (string?)(await App.Get("Binary/binary-2?_elements=contentType")).Json["contentType"]);
    }

    [Fact]
    public async Task ANewContentIsANewVersionAndAKnownOneIsNotSent()
    {
        await App.Put("Binary/binary-3", "one", ("Content-Type", "text/plain"));
        var second = await App.Put("Binary/binary-3", "two", ("Content-Type", "text/plain"), ("If-Match", "W/\"1\""));

        Assert.Equal("W/\"2\"", second.Header("ETag"));
        Assert.Equal("one", (await App.Get("Binary/binary-3/_history/1")).Text);
        Assert.Equal("two", (await App.Get("Binary/binary-3")).Text);
        Assert.Equal((304, ""), ((await App.Get("Binary/binary-3", ("If-None-Match", "W/\"2\""))).Status, (await App.Get("Binary/binary-3", ("If-None-Match", "W/\"2\""))).Text));
    }

    [Fact]
    public async Task ABinaryWithoutContentAndAnErrorStayFhir()
    {
        await App.Put("Binary/binary-4", """{"resourceType":"Binary","id":"binary-4","contentType":"text/plain"}""");

        Assert.Equal("Binary", (await App.Get("Binary/binary-4", ("Accept", "text/plain"))).ResourceType);
        (await App.Get("Binary/none", ("Accept", "text/plain"))).Refuses(404, "not-found");
        Assert.Equal(415, (await App.Post("Patient", "x", ("Content-Type", "text/plain"))).Status);
        Assert.Equal(406, (await App.Get("Patient", ("Accept", "application/pdf"))).Status);
    }
}
