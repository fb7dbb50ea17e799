using System.Security.Cryptography;
using AtcFhir.Store;
using AtcFhir.Tests.Server.Fhir;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace AtcFhir.Tests.Server.AccessControl;

public sealed class TokenPolicyTests : IAsyncLifetime
{
    private const string Issuer = "https://issuer.example";

    private static readonly ECDsaSecurityKey Key = new(ECDsa.Create(ECCurve.NamedCurves.nistP384)) { KeyId = "k1" };

    private readonly ServerApp app = new(
        services => services.PostConfigure<JwtBearerOptions>("Smart", options =>
        {
            options.Configuration = new OpenIdConnectConfiguration { Issuer = Issuer, TokenEndpoint = Issuer + "/token", JwksUri = Issuer + "/jwks" };
            options.Configuration.SigningKeys.Add(Key);
            options.ConfigurationManager = new Microsoft.IdentityModel.Protocols.StaticConfigurationManager<OpenIdConnectConfiguration>(options.Configuration);
        }),
        "Access:Mode=Enforced",
        "Access:Smart:Issuer=" + Issuer,
        "Access:Smart:Audience=atcfhir");

    public async ValueTask InitializeAsync() => await app.Ready();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task AScopeLetsInWhatItNamesAndNothingElse()
    {
        var token = Bearer(Token("system/Basic.crs"));

        Assert.Equal(201, (await app.Post("Basic", Body, token)).Status);
        Assert.Equal(200, (await app.Get("Basic", token)).Status);
        (await app.Put("Basic/x", Body, token)).Refuses(403, "forbidden");
        (await app.Delete("Basic/x", token)).Refuses(403, "forbidden");
        (await app.Get("Patient", token)).Refuses(403, "forbidden");
        (await app.Get("_history", token)).Refuses(403, "forbidden");
        (await app.Get("?_type=Basic,Patient", token)).Refuses(403, "forbidden");
    }

    [Fact]
    public async Task TheEntriesOfABundleNeedTheirScopesToo()
    {
        var token = Bearer(Token("system/Basic.crs"));
        var bundle = Resources.Bundle("transaction", Resources.Entry("POST", "Basic", Body), Resources.Entry("DELETE", "Basic/x"));

        (await app.Post("", bundle, token)).Refuses(403, "forbidden");

        var batch = await app.Post("", bundle.Replace("transaction", "batch", StringComparison.Ordinal), token);
        Assert.Equal(["201", "403"], batch.Entries.Select(entry => ((string)entry["response"]!["status"]!)[..3]));
    }

    [Fact]
    public async Task TheAuditRowNamesTheClient()
    {
        var created = await app.Post("Basic", Body, Bearer(Token("system/Basic.c")));

        var row = Assert.Single(await app.Endpoint.Store.Audit(new AuditQuery(Type: "Basic", Id: created.Id), TestContext.Current.CancellationToken));
        Assert.Equal("client:abc", row.Entry.Actor);
    }

    [Fact]
    public async Task ATokenThatIsNotGoodGetsNobodyIn()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var bad = new[]
        {
            Token("system/*.cruds", audience: "elsewhere"),
            Token("system/*.cruds", issuer: "https://other.example"),
            Token("system/*.cruds", minutes: -10),
            Token("system/*.cruds", key: new ECDsaSecurityKey(other) { KeyId = "k1" }),
            Unsigned("system/*.cruds"),
            "nonsense",
        };

        foreach (var token in bad)
        {
            var refused = await app.Get("Basic", Bearer(token));
            refused.Refuses(401, "login");
            Assert.Equal("Bearer", refused.Header("WWW-Authenticate"));
        }
    }

    [Theory]
    [InlineData("openid profile")]
    [InlineData("")]
    [InlineData("system/Basic.rs?code=x")]
    public async Task ATokenWithoutAUsableScopeGrantsNothing(string scope) => (await app.Get("Basic", Bearer(Token(scope)))).Refuses(403, "forbidden");

    [Fact]
    public async Task TheIntakeIsForEhrsOnly()
    {
        (await app.Post("/ehr/Observation", "{}", Bearer(Token("system/*.cruds")))).Refuses(403, "forbidden");
        Assert.NotEqual(403, (await app.Post("/ehr/Observation", "{}", Bearer(Token("atcfhir.ehr")))).Status);
    }

    [Fact]
    public async Task SmartConfigurationNamesTheIssuersEndpoints()
    {
        var configuration = await app.Get(".well-known/smart-configuration");

        Assert.Equal(Issuer + "/token", (string?)configuration.Json["token_endpoint"]);
        Assert.Equal(Issuer, (string?)configuration.Json["issuer"]);
        Assert.Contains("SMART-on-FHIR", (await app.Get("metadata")).Text, StringComparison.Ordinal);
    }

    private const string Body = """{"resourceType":"Basic","code":{"text":"x"}}""";

    private static (string, string) Bearer(string token) => ("Authorization", "Bearer " + token);

    private static string Token(string scope, string audience = "atcfhir", string issuer = Issuer, int minutes = 5, SecurityKey? key = null)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            NotBefore = now.AddMinutes(-30),
            IssuedAt = now.AddMinutes(-30),
            Expires = now.AddMinutes(minutes),
            Claims = new Dictionary<string, object> { ["client_id"] = "abc", ["scope"] = scope },
            SigningCredentials = new SigningCredentials(key ?? Key, SecurityAlgorithms.EcdsaSha384),
        });
    }

    private static string Unsigned(string scope)
    {
        var signed = Token(scope).Split('.');
        return $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{signed[1]}.";
    }
}
