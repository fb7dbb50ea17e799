using System.Net;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.AccessControl;

/// <summary>
/// <c>Access:Mode=Open</c>, and the sandbox hospital: whoever sits at this machine may do everything, anybody else nothing. A request that came through a
/// proxy, or that names this machine by a name other than a loopback one (as a page in a browser could after rebinding its own name), is from elsewhere.
/// </summary>
internal sealed class LoopbackPolicy : AccessPolicy
{
    public override bool NeedsToken => false;

    public override ValueTask<Result<Access>> Identify(HttpContext http) => ValueTask.FromResult<Result<Access>>(IsLocal(http)
        ? Access.Local
        : new Failure(FailureKind.Unauthenticated, IssueCode.Login, "Open access is for this machine only (loopback). Set Access:Mode to Enforced and configure an issuer."));

    public static bool IsLocal(HttpContext http)
        => (http.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address))
            && !http.Request.Headers.ContainsKey("X-Forwarded-For")
            && !http.Request.Headers.ContainsKey("Forwarded")
            && IsLoopbackName(http.Request.Host.Host);

    private static bool IsLoopbackName(string host)
        => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
