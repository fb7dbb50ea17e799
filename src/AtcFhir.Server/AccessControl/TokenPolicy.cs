using System.Security.Claims;
using AtcFhir.R4.Outcomes;
using Microsoft.AspNetCore.Authentication;

namespace AtcFhir.Server.AccessControl;

/// <summary><c>Access:Mode=Enforced</c>: a bearer token of a configured issuer, and what its scopes grant. Without an issuer nobody gets in.</summary>
internal sealed class TokenPolicy(bool hasIssuer) : AccessPolicy
{
    /// <summary>The scheme that picks the issuer's own scheme.</summary>
    public const string Scheme = "Token";

    public override async ValueTask<Result<Access>> Identify(HttpContext http)
    {
        if (!hasIssuer)
        {
            return Unknown("No issuer of access tokens is configured (Access:Smart:Issuer or Access:Entra:TenantId).");
        }

        var result = await http.AuthenticateAsync(Scheme);
        return result.Succeeded ? AccessOf(result.Principal) : Unknown(result.None ? "A bearer token is needed." : "The bearer token is not valid.");
    }

    /// <summary>What the claims of a validated token grant. SMART issuers say scope, Entra says scp and roles.</summary>
    public static Access AccessOf(ClaimsPrincipal principal)
    {
        var grants = new List<ScopeGrant>();
        foreach (var claim in principal.Claims)
        {
            switch (claim.Type)
            {
                case "scope" or "scp":
                    grants.AddRange(ScopeGrant.ParseAll(claim.Value));
                    break;
                case "roles" or ClaimTypes.Role when ScopeGrant.ParseRole(claim.Value) is { } grant:
                    grants.Add(grant);
                    break;
            }
        }

        var actor = First(principal, "client_id", "azp", "appid", "sub") ?? "unnamed";
        var isEhr = principal.Claims.Any(claim => claim.Type is "scope" or "scp" or "roles" or ClaimTypes.Role && claim.Value.Split(' ').Contains(Access.EhrRole));
        return new Access("client:" + actor, grants, isEhr, actor);
    }

    private static string? First(ClaimsPrincipal principal, params string[] types)
        => types.Select(type => principal.FindFirst(type)?.Value).FirstOrDefault(value => value is not null);

    private static Failure Unknown(string text) => new(FailureKind.Unauthenticated, IssueCode.Login, text);
}
