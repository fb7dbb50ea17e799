using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.AccessControl;

/// <summary>What a request wants to do, in the letters of SMART scopes. <see href="https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html"/></summary>
internal enum Permission
{
    Create,
    Read,
    Update,
    Delete,
    Search,
}

/// <summary>Who asks, and what they may do; every handler takes one. Immutable, made once a request by the endpoint's <see cref="AccessPolicy"/>.</summary>
/// <param name="Actor">Who is written to the audit row: client or user id of the token, "local" in Open mode.</param>
/// <param name="Grants">What the token grants; empty grants nothing.</param>
/// <param name="IsEhr">True of an EHR that may push to the intake.</param>
/// <param name="Client">Client id of the token; null where there is no token.</param>
internal sealed record Access(string Actor, IReadOnlyList<ScopeGrant> Grants, bool IsEhr = false, string? Client = null)
{
    /// <summary>The scope or app role that lets an EHR push to the intake.</summary>
    public const string EhrRole = "atcfhir.ehr";

    /// <summary>Whoever sits at this machine, in Open mode: may do everything.</summary>
    public static Access Local { get; } = new("local", [ScopeGrant.Everything], IsEhr: true);

    /// <summary>Nobody in particular, who may do nothing that is not public.</summary>
    public static Access Nobody { get; } = new("anonymous", []);

    /// <summary>The server itself: loading the study package, the sync.</summary>
    public static Access System { get; } = new("system", [ScopeGrant.Everything]);

    /// <summary>Null when the permission is granted on the type, otherwise the failure that answers the request. The type "*" asks for all types.</summary>
    public Failure? Refuse(Permission permission, string type)
    {
        foreach (var grant in Grants)
        {
            if (grant.Allows(permission, type))
            {
                return null;
            }
        }

        return new Failure(FailureKind.Forbidden, IssueCode.Forbidden, $"No granted scope allows to {permission.ToString().ToLowerInvariant()} {type}.");
    }
}
