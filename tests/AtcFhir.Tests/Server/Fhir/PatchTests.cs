namespace AtcFhir.Tests.Server.Fhir;

public class PatchTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private static readonly (string, string) JsonPatch = ("Content-Type", "application/json-patch+json");

    private ServerApp App => server.App;

    [Fact]
    public async Task JsonPatchMakesANewVersion()
    {
        await App.Put("Patient/patch-1", Resources.Patient("patch-1"));

        var patched = await App.Patch("Patient/patch-1", """[{"op":"replace","path":"/birthDate","value":"1960"}]""", JsonPatch);

        Assert.Equal(200, patched.Status);
        Assert.Equal("W/\"2\"", patched.Header("ETag"));
        Assert.Equal("1960", (string?)patched.Json["birthDate"]);
    }

    [Fact]
    public async Task FhirPathPatchMakesANewVersion()
    {
        await App.Put("Patient/patch-2", Resources.Patient("patch-2"));
        const string patch = """
            {"resourceType":"Parameters","parameter":[{"name":"operation","part":[
              {"name":"type","valueCode":"add"},{"name":"path","valueString":"Patient"},{"name":"name","valueString":"gender"},{"name":"value","valueCode":"female"}]}]}
            """;

        var patched = await App.Patch("Patient/patch-2", patch);

        Assert.Equal(200, patched.Status);
        Assert.Equal("female", (string?)patched.Json["gender"]);
    }

    [Fact]
    public async Task APatchThatDoesNotApplyIsUnprocessable()
    {
        await App.Put("Patient/patch-3", Resources.Patient("patch-3"));

        (await App.Patch("Patient/patch-3", """[{"op":"test","path":"/birthDate","value":"1900"}]""", JsonPatch)).Refuses(422, "processing");
    }

    [Fact]
    public async Task APatchThatBreaksTheResourceIsUnprocessable()
    {
        await App.Put("Patient/patch-4", Resources.Patient("patch-4"));

        Assert.Equal(422, (await App.Patch("Patient/patch-4", """[{"op":"add","path":"/nickname","value":"x"}]""", JsonPatch)).Status);
        Assert.Equal("W/\"1\"", (await App.Get("Patient/patch-4")).Header("ETag"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""[{"op":"replace"}]""")]
    [InlineData("""[{"op":"jump","path":"/x"}]""")]
    [InlineData("not json")]
    [InlineData("""[{"op":"add","path":"/extension","value":{"a":1,"a":2}}]""")]
    public async Task WhatIsNoPatchIsMalformed(string patch)
    {
        await App.Put("Patient/patch-5", Resources.Patient("patch-5"));

        (await App.Patch("Patient/patch-5", patch, JsonPatch)).Refuses(400, "invalid");
    }

    [Theory]
    [InlineData("""{"resourceType":"Parameters","parameter":[{"name":"operation","part":{"name":"type"}}]}""")]
    [InlineData("""{"resourceType":"Parameters","parameter":[{"name":7}]}""")]
    [InlineData("""{"resourceType":"Parameters","parameter":[{"name":"operation"}]}""")]
    [InlineData("""{"resourceType":"Patient"}""")]
    public async Task WhatIsNoFhirPathPatchIsMalformed(string patch)
    {
        await App.Put("Patient/patch-9", Resources.Patient("patch-9"));

        Assert.Equal(400, (await App.Patch("Patient/patch-9", patch)).Status);
    }

    [Theory]
    [InlineData("application/xml-patch+xml")]
    [InlineData("application/merge-patch+json")]
    public async Task AnotherFormOfPatchIsRefusedAndTheServedOnesAreNamed(string form)
    {
        await App.Put("Patient/patch-form", Resources.Patient("patch-form"));

        var refused = await App.Patch("Patient/patch-form", "{}", ("Content-Type", form));

        refused.Refuses(415, "not-supported");
        Assert.Contains("application/json-patch+json", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APatchCannotChangeTheId()
    {
        await App.Put("Patient/patch-6", Resources.Patient("patch-6"));

        Assert.Equal(422, (await App.Patch("Patient/patch-6", """[{"op":"replace","path":"/id","value":"x"}]""", JsonPatch)).Status);
    }

    [Fact]
    public async Task PreconditionsHold()
    {
        await App.Put("Patient/patch-7", Resources.Patient("patch-7"));
        const string patch = """[{"op":"remove","path":"/birthDate"}]""";

        Assert.Equal(412, (await App.Patch("Patient/patch-7", patch, JsonPatch, ("If-Match", "W/\"5\""))).Status);
        Assert.Equal(404, (await App.Patch("Patient/patch-none", patch, JsonPatch)).Status);
        Assert.Equal(200, (await App.Patch("Patient/patch-7", patch, JsonPatch, ("If-Match", "W/\"1\""))).Status);
    }

    [Fact]
    public async Task AConditionalPatchNeedsOneMatch()
    {
        await App.Put("Patient/patch-8", Resources.Patient("patch-8", identifier: "patch-8"));
        const string patch = """[{"op":"replace","path":"/birthDate","value":"1961"}]""";

        Assert.Equal(200, (await App.Patch("Patient?identifier=http://example.org/mrn|patch-8", patch, JsonPatch)).Status);
        Assert.Equal(404, (await App.Patch("Patient?identifier=nobody", patch, JsonPatch)).Status);
    }
}
