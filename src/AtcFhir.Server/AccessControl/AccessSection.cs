namespace AtcFhir.Server.AccessControl;

/// <summary>Who gets in. <see cref="Enforced"/> without an issuer lets nobody in.</summary>
internal enum AccessMode
{
    Enforced,

    /// <summary>Whoever sits at this machine; for development.</summary>
    Open,
}

/// <summary>Section <c>Access</c>.</summary>
internal sealed class AccessSection
{
    public AccessMode Mode { get; set; } = AccessMode.Enforced;

    public SmartSection Smart { get; set; } = new();

    public EntraSection Entra { get; set; } = new();

    public bool HasIssuer => Smart.Issuer is not null || Entra.TenantId is not null;
}

/// <summary>Section <c>Access:Smart</c>: any OpenID Connect issuer whose tokens carry SMART scopes.</summary>
internal sealed class SmartSection
{
    /// <summary>The <c>iss</c> of its tokens; its metadata is read from <c>/.well-known/openid-configuration</c> below it.</summary>
    public string? Issuer { get; set; }

    /// <summary>The <c>aud</c> that tokens for this server carry.</summary>
    public string? Audience { get; set; }
}

/// <summary>Section <c>Access:Entra</c>: Microsoft Entra ID, whose app roles (<c>system.Observation.rs</c>) stand for scopes.</summary>
internal sealed class EntraSection
{
    public string Instance { get; set; } = "https://login.microsoftonline.com/";

    public string? TenantId { get; set; }

    /// <summary>The application (client) id under which this API is registered.</summary>
    public string? ClientId { get; set; }
}
