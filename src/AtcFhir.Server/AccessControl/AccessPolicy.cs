using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.AccessControl;

/// <summary>Finds out who asks. Each endpoint has one.</summary>
internal abstract class AccessPolicy
{
    /// <summary>Who asks and what they may do; a failure (401) when that is not known.</summary>
    public abstract ValueTask<Result<Access>> Identify(HttpContext http);

    /// <summary>For /metadata: true when a SMART token is asked for.</summary>
    public virtual bool NeedsToken => true;
}
