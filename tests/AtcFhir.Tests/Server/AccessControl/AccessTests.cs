namespace AtcFhir.Tests.Server.AccessControl;

/// <summary>Under Validation:OnWrite=Enforce.</summary>
public class AccessTests
{
    [Fact]
    public async Task NobodyGetsInWithoutAnIssuer()
    {
        await using var app = new ServerApp("Access:Mode=Enforced");

        var refused = await app.Get("Patient/1");

        refused.Refuses(401, "login");
        Assert.Equal("Bearer", refused.Header("WWW-Authenticate"));
        Assert.Equal(401, (await app.Post("Patient", "{}")).Status);
        Assert.Equal(401, (await app.Post("/ehr/Observation", "{}")).Status);
    }

    [Fact]
    public async Task MetadataAndHealthAreForEverybody()
    {
        await using var app = new ServerApp("Access:Mode=Enforced");

        Assert.Equal(200, (await app.Get("metadata")).Status);
        Assert.Equal(200, (await app.Get("/healthz/live")).Status);
        Assert.Equal(200, (await app.Get(".well-known/smart-configuration")).Status);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("X-Forwarded-For", "10.0.0.1")]
    [InlineData("Forwarded", "for=10.0.0.1")]
    public async Task OpenIsForThisMachineOnly(string header, string value)
    {
        await using var app = new ServerApp();

        (await app.Get("Patient/1", (header, value))).Refuses(401, "login");
    }
}
