using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Web;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AtcFhir.Server.AccessControl;

/// <summary>The door of access control: options, the schemes of the issuers, and the policy of the trial's endpoint.</summary>
internal static class AccessServices
{
    public const string Smart = "Smart";

    private const string Entra = "Entra";

    private static readonly string[] Algorithms = ["RS256", "RS384", "ES256", "ES384"];

    public static void AddAccess(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<AccessSection>().BindConfiguration("Access").ValidateOnStart()
            .Validate(access => access.Smart.Issuer is null || access.Smart.Audience is not null, "Access:Smart:Audience is needed with Access:Smart:Issuer.")
            .Validate(access => access.Entra.TenantId is null || access.Entra.ClientId is not null, "Access:Entra:ClientId is needed with Access:Entra:TenantId.")
            .Validate(access => access.Smart.Issuer is null || IsSecure(access.Smart.Issuer), "Access:Smart:Issuer has to be an https URL (http only on loopback).");
        builder.Services.AddSingleton<AccessPolicy>(services => services.GetRequiredService<IOptions<AccessSection>>().Value switch
        {
            { Mode: AccessMode.Open } => new LoopbackPolicy(),
            var access => new TokenPolicy(access.HasIssuer),
        });
        AddSchemes(builder, builder.Configuration.GetSection("Access").Get<AccessSection>() ?? new AccessSection());
    }

    private static void AddSchemes(WebApplicationBuilder builder, AccessSection access)
    {
        if (access.Mode == AccessMode.Open || !access.HasIssuer)
        {
            return;
        }

        // The unverified issuer only picks the scheme that verifies the token.
        var authentication = builder.Services.AddAuthentication(TokenPolicy.Scheme)
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

    private static bool IsSecure(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && (parsed.Scheme == Uri.UriSchemeHttps || parsed.IsLoopback);

    private static bool IsLoopback(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.IsLoopback;
}
