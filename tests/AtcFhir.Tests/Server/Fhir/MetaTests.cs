using System.Text.Json.Nodes;
using static AtcFhir.Tests.Server.Fhir.Resources;

namespace AtcFhir.Tests.Server.Fhir;

public class MetaTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Tagged = """ "meta":{"tag":[{"system":"http://example.org/Tags","code":"Gold"}]},""";

    private ServerApp App => server.App;

    [Fact]
    public async Task AnInstanceGivesItsMeta()
    {
        await App.Put("Patient/meta-1", Patient("meta-1", extra: Tagged));

        var meta = MetaOf(await App.Get("Patient/meta-1/$meta"));

        Assert.Equal(("1", "Gold"), ((string?)meta["versionId"], (string?)meta["tag"]![0]!["code"]));
        Assert.Equal("1", (string?)MetaOf(await App.Get("Patient/meta-1/_history/1/$meta"))["versionId"]);
        (await App.Get("Patient/none/$meta")).Refuses(404, "not-found");
    }

    [Fact]
    public async Task ATypeAndTheSystemGiveTheLabelsInUseAsTheyAreWritten()
    {
        await App.Put("Location/meta-2", """{"resourceType":"Location","id":"meta-2","meta":{"security":[{"system":"http://example.org/Sec","code":"R","display":"Restricted"}],"profile":["http://example.org/Profile"]}}""");
        await App.Put("Patient/meta-2", Patient("meta-2", extra: Tagged));

        var ofType = MetaOf(await App.Get("Location/$meta"));
        Assert.Equal("""[{"system":"http://example.org/Sec","code":"R","display":"Restricted"}]""", ofType["security"]!.ToJsonString());
        Assert.Equal("""["http://example.org/Profile"]""", ofType["profile"]!.ToJsonString());
        Assert.Null(ofType["tag"]);
        Assert.Null(ofType["versionId"]);
        var ofSystem = MetaOf(await App.Get("$meta"));
        Assert.Contains("Gold", ofSystem["tag"]!.AsArray().Select(tag => (string?)tag!["code"]));
        Assert.Contains("R", ofSystem["security"]!.AsArray().Select(tag => (string?)tag!["code"]));
    }

    [Fact]
    public async Task LabelsCanBeAddedAndTakenAway()
    {
        await App.Put("Patient/meta-3", Patient("meta-3", extra: Tagged));

        var added = MetaOf(await App.Post("Patient/meta-3/$meta-add", Change("""{"tag":[{"system":"http://example.org/Tags","code":"Silver"}]}""")));
        Assert.Equal(["Gold", "Silver"], added["tag"]!.AsArray().Select(tag => (string?)tag!["code"]));
        Assert.Equal("2", (string?)added["versionId"]);
        Assert.Equal(["meta-3"], (await App.Get("Patient?_tag=Silver")).Matches);

        var removed = MetaOf(await App.Post("Patient/meta-3/$meta-delete", Change("""{"tag":[{"system":"http://example.org/Tags","code":"Gold"}]}""")));
        Assert.Equal(["Silver"], removed["tag"]!.AsArray().Select(tag => (string?)tag!["code"]));
        Assert.Equal("3", (string?)removed["versionId"]);
    }

    [Fact]
    public async Task WhatChangesNothingMakesNoVersion()
    {
        await App.Put("Patient/meta-4", Patient("meta-4", extra: Tagged));

        var added = MetaOf(await App.Post("Patient/meta-4/$meta-add", Change("""{"tag":[{"system":"http://example.org/Tags","code":"Gold","display":"other"}]}""")));

        Assert.Equal("1", (string?)added["versionId"]);
    }

    [Theory]
    [InlineData("$meta-add")]
    [InlineData("$meta-delete")]
    public async Task AStaleETagIsRefused(string operation)
    {
        var id = "stale-" + operation[1..];
        await App.Put($"Patient/{id}", Patient(id, extra: Tagged));
        await App.Put($"Patient/{id}", Patient(id, "Second", extra: Tagged));
        const string label = """{"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"tag":[{"system":"http://example.org/Tags","code":"Gold"}]}}]}""";

        (await App.Post($"Patient/{id}/{operation}", label, ("If-Match", "W/\"1\""))).Refuses(412, "conflict");
        (await App.Post($"Patient/{id}/{operation}", label, ("If-Match", "no tag"))).Refuses(400, "invalid");
        Assert.Equal("2", (string?)MetaOf(await App.Get($"Patient/{id}/$meta"))["versionId"]);
    }

    [Fact]
    public async Task WithoutAMetaItIsRefused()
        => (await App.Post("Patient/meta-1/$meta-add", """{"resourceType":"Parameters"}""")).Refuses(400, "required");

    private static string Change(string meta) => $$"""{"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{{meta}}}]}""";

    private static JsonNode MetaOf(Reply reply)
    {
        Assert.True(reply.Status == 200, reply.Text);
        Assert.Equal("return", (string?)reply.Json["parameter"]![0]!["name"]);
        return reply.Json["parameter"]![0]!["valueMeta"]!;
    }
}
