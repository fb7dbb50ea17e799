using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Web;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AtcFhir.Server.AccessControl;

/// <summary>How bearer tokens of the configured issuers are verified.</summary>
internal static class TokenSchemes
{
    private const string Smart = "Smart";

    private const string Entra = "Entra";

    private static readonly string[] Algorithms = ["RS256", "RS384", "ES256", "ES384"];

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Add(IServiceCollection services, AccessSection access)
    {
        // The unverified issuer only picks the scheme that verifies the token.
        var authentication = services.AddAuthentication(TokenPolicy.Scheme)
            .AddPolicyScheme(TokenPolicy.Scheme, null, options => options.ForwardDefaultSelector = http => IsOf(http, access.Smart.Issuer) || access.Entra.TenantId is null ? Smart : Entra);
        if (access.Smart.Issuer is { } issuer)
        {
            authentication.AddJwtBearer(Smart, options =>
            {
                options.Authority = issuer;
                options.Audience = access.Smart.Audience;
                options.RequireHttpsMetadata = !IsLoopback(issuer);
                Restrict(options);
                options.TokenValidationParameters.ValidIssuer = issuer;
            });
        }

        if (access.Entra.TenantId is not null)
        {
            authentication.AddMicrosoftIdentityWebApi(Restrict, options =>
            {
                options.Instance = access.Entra.Instance;
                options.TenantId = access.Entra.TenantId;
                options.ClientId = access.Entra.ClientId;
                options.AllowWebApiToBeAuthorizedByACL = true; // scopes and roles are ours to judge
            }, Entra);
        }
    }

    /// <summary>Where the SMART issuer says its keys and endpoints are; null when it cannot be asked.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static async Task<IssuerMetadata?> SmartMetadata(HttpContext http)
    {
        try
        {
            return http.RequestServices.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(Smart).ConfigurationManager is { } manager
                && await manager.GetConfigurationAsync(http.RequestAborted) is { } told
                ? new IssuerMetadata(told.JwksUri, told.AuthorizationEndpoint, told.TokenEndpoint)
                : null;
        }
        catch (Exception unreachable) when (unreachable is InvalidOperationException or IOException or HttpRequestException)
        {
            http.RequestServices.GetRequiredService<ILogger<AccessPolicy>>()
                .LogWarning("The metadata of the token issuer cannot be read: {Exception}", unreachable.GetType().Name);
            return null;
        }
    }

    private static void Restrict(JwtBearerOptions options)
    {
        options.MapInboundClaims = false;
        options.TokenValidationParameters.ValidAlgorithms = Algorithms;
        options.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(60);
    }

    private static bool IsOf(HttpContext http, string? issuer)
    {
        var header = http.Request.Headers.Authorization.ToString();
        var handler = new JsonWebTokenHandler();
        return issuer is not null && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            && header[7..].Trim() is var token && handler.CanReadToken(token) && handler.ReadJsonWebToken(token).Issuer == issuer;
    }

    private static bool IsLoopback(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.IsLoopback;
}

/// <summary>What an issuer says of itself.</summary>
internal sealed record IssuerMetadata(string? KeysUrl, string? AuthorizationEndpoint, string? TokenEndpoint);
