using AtcFhir.Sync.Push;

namespace AtcFhir.Sync.Hospital;

/// <summary>
/// One hospital's FHIR server: section <c>Hospital</c> (the hospital named <c>default</c>) or <c>Hospitals:{name}</c>.
/// What the server can do is not configured but probed.
/// </summary>
public sealed class HospitalOptions
{
    public const string DefaultName = "default";

    /// <summary>The FHIR base, such as <c>https://fhir.hospital.example/r4</c>. Nothing else is ever called, save <see cref="AllowedHosts"/> in next links.</summary>
    public Uri? BaseUrl { get; set; }

    /// <summary>Other names under which the same server writes its <c>next</c> links ("host" or "host:port"); a link is always re-based on <see cref="BaseUrl"/>.</summary>
    public IReadOnlyList<string> AllowedHosts { get; set; } = [];

    /// <summary>A Group of patients to enrol by themselves: <c>Group/atc-anakinra1</c>. Empty: patients are enrolled one by one.</summary>
    public string? EnrolmentGroup { get; set; }

    /// <summary>The study that <see cref="EnrolmentGroup"/> feeds.</summary>
    public string EnrolmentStudy { get; set; } = "ResearchStudy/atc-anakinra1";

    /// <summary>Identifier system of the patient number that <c>--patient 12345</c> means.</summary>
    public string? PatientIdentifierSystem { get; set; }

    public HospitalAuthOptions Auth { get; set; } = new();

    /// <summary>Seconds one request may take, retries not included.</summary>
    public double TimeoutSeconds { get; set; } = 30;

    /// <summary>Seconds before a read is tried again the first time; it grows, and a Retry-After of the hospital wins.</summary>
    public double RetryDelaySeconds { get; set; } = 2;

    /// <summary>Largest answer that is read.</summary>
    public int MaxResponseBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Resources a page; the hospital may give fewer.</summary>
    public int PageSize { get; set; } = 200;

    /// <summary>Seconds by which a pull looks back behind its cursor; it covers late commits, search caches and index lag. Default: computed, at least ten minutes.</summary>
    public int? OverlapSeconds { get; set; }

    /// <summary>Observation categories to ask one by one, for servers that refuse a search without one; empty asks for all at once.</summary>
    public IReadOnlyList<string> ObservationCategories { get; set; } = [];

    /// <summary>Questionnaires whose responses are asked one by one, for servers that refuse a search without one; empty asks for all at once.</summary>
    public IReadOnlyList<string> Questionnaires { get; set; } = [];

    /// <summary>The clients (client id of their tokens) whose messages at the intake are this hospital's; one that sends for several hospitals says each time for which.</summary>
    public IReadOnlyList<string> Senders { get; set; } = [];

    /// <summary>True where the hospital, not the trial, keeps the ResearchSubjects.</summary>
    public bool OwnsResearchSubjects { get; set; }

    /// <summary>How what the trial makes reaches this hospital, by resource type or concept; what is not listed follows the probe.</summary>
    public IDictionary<string, DeliveryRoute> Delivery { get; set; } = new Dictionary<string, DeliveryRoute>(StringComparer.Ordinal);
}

/// <summary>How we prove who we are to the hospital: section <c>Auth</c> of the hospital.</summary>
public sealed class HospitalAuthOptions
{
    /// <summary>None, Bearer, Basic or ClientCredentials.</summary>
    public HospitalAuthMode Mode { get; set; }

    /// <summary>Bearer: a token that somebody else renews.</summary>
    public string? Token { get; set; }

    /// <summary>Basic: user name. ClientCredentials: client id.</summary>
    public string? ClientId { get; set; }

    public string? ClientSecret { get; set; }

    /// <summary>ClientCredentials: the OAuth 2 token endpoint.</summary>
    public Uri? TokenEndpoint { get; set; }

    public string? Scope { get; set; }
}

public enum HospitalAuthMode
{
    None,
    Bearer,
    Basic,
    ClientCredentials,
}
