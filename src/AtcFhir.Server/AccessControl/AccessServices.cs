using Microsoft.Extensions.Options;

namespace AtcFhir.Server.AccessControl;

/// <summary>The door of access control: options, the schemes of the issuers, and the policy of the trial's endpoint.</summary>
internal static class AccessServices
{
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

        // In a class of its own, so that the libraries of token issuers are loaded only where there is one.
        if (builder.Configuration.GetSection("Access").Get<AccessSection>() is { Mode: not AccessMode.Open, HasIssuer: true } configured)
        {
            TokenSchemes.Add(builder.Services, configured);
        }
    }

    private static bool IsSecure(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && (parsed.Scheme == Uri.UriSchemeHttps || parsed.IsLoopback);
}
