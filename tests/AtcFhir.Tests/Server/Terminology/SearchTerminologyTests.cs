namespace AtcFhir.Tests.Server.Terminology;

/// <summary>Searches by value set and hierarchy, answered from what is stored.</summary>
public class SearchTerminologyTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string System = "http://example.org/CodeSystem/tests";

    private ServerApp App => server.App;

    private async Task Store()
    {
        await App.Put("CodeSystem/tests", """{"resourceType":"CodeSystem","id":"tests","url":"http://example.org/CodeSystem/tests","status":"active","content":"complete","concept":[{"code":"blood","concept":[{"code":"crp"}]},{"code":"image"}]}""");
        await App.Put("ValueSet/tests", """{"resourceType":"ValueSet","id":"tests","url":"http://example.org/ValueSet/tests","status":"active","compose":{"include":[{"system":"http://example.org/CodeSystem/tests","concept":[{"code":"crp"},{"code":"image"}]}]}}""");
        foreach (var code in new[] { "blood", "crp", "image" })
        {
            await App.Put($"Observation/st-{code}", $$"""{"resourceType":"Observation","id":"st-{{code}}","status":"final","code":{"coding":[{"system":"{{System}}","code":"{{code}}"}]} }""");
        }
    }

    [Theory]
    [InlineData("code:in=http://example.org/ValueSet/tests", "st-crp st-image")]
    [InlineData("code:in=ValueSet/tests", "st-crp st-image")]
    [InlineData("code:not-in=http://example.org/ValueSet/tests", "st-blood")]
    [InlineData("code:below=http://example.org/CodeSystem/tests|blood", "st-blood st-crp")]
    [InlineData("code:above=http://example.org/CodeSystem/tests|crp", "st-blood st-crp")]
    public async Task CodesStandForOthers(string criteria, string expected)
    {
        await Store();

        Assert.Equal(expected, string.Join(' ', (await App.Get($"Observation?{criteria}&_id=st-blood,st-crp,st-image", ("Prefer", "handling=strict"))).Matches.Order()));
    }

    [Fact]
    public async Task AnUnknownValueSetIsRefused() => Assert.InRange((await App.Get("Observation?code:in=http://example.org/none", ("Prefer", "handling=strict"))).Status, 400, 404);
}
