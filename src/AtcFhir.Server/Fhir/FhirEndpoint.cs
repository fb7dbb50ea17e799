using AtcFhir.R4.Documents;
using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Hosting;
using AtcFhir.Server.Terminology;
using AtcFhir.Store;
using AtcFhir.Store.Search;
using AtcFhir.Validation;
using AtcFhir.Validation.Terminology.Remote;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// One FHIR server: everything that its handlers need, as a value. The process mounts one for the trial at <c>/fhir</c> and, with other contents, one for
/// the sandbox hospital; nothing of it is static.
/// </summary>
internal sealed record FhirEndpoint
{
    private static readonly int Places = 8 * Environment.ProcessorCount;

    private static readonly int HugePlaces = Environment.ProcessorCount;

    /// <summary>"/fhir": where it is mounted, without a slash at its end.</summary>
    public required string BasePath { get; init; }

    /// <summary>How clients reach the process from outside ("https://trial.example"); null takes it from each request.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>For /metadata and the page: "ATC-Anakinra1 trial".</summary>
    public required string Title { get; init; }

    public required IResourceStore Store { get; init; }

    /// <summary>Made on first use, since compiling profiles takes longer than the first answer may.</summary>
    public required Func<Validator> Validator { get; init; }

    /// <summary>What is checked, and what a broken rule does.</summary>
    public ValidationPolicy Validation { get; init; } = new();

    /// <summary>What the store itself adds to the validator; null where uploads do not count.</summary>
    public UploadedConformance? Uploads { get; init; }

    /// <summary>What the terminology operations answer from.</summary>
    public required StoredTerminology Terminology { get; init; }

    /// <summary>What searches are parsed against: the parameters of the store, with terminology for the modifiers that need it.</summary>
    public SearchParameterRegistry SearchParameters => Store.SearchParameters.With(new SearchTerminology(Terminology));

    /// <summary>Who is asked about codes that are not known here; null asks nobody.</summary>
    public TerminologyServer? RemoteTerminology { get; init; }

    /// <summary>The profile that a resource must meet besides its base definition and meta.profile, or null.</summary>
    public Func<ResourceDocument, string?> ProfileFor { get; init; } = static _ => null;

    /// <summary>What /metadata lists as supportedProfile: resource type and canonical.</summary>
    public IReadOnlyList<SupportedProfile> Profiles { get; init; } = [];

    /// <summary>The resource types that are served.</summary>
    public required IReadOnlySet<string> Types { get; init; }

    public required AccessPolicy Access { get; init; }

    /// <summary>The route table; /metadata is written from it.</summary>
    public IReadOnlyList<FhirRoute> Routes { get; init; } = FhirRoutes.Table;

    /// <summary>Without those that the persona lacks.</summary>
    public IEnumerable<FhirRoute> ServedRoutes => Routes.Where(route => !Persona.MissingInteractions.Contains(route.Interaction));

    public DocumentLimits Limits { get; init; } = new(MaxBytes: 16 * 1024 * 1024);

    /// <summary>
    /// Large Bundles that are worked on at the same time; who comes later waits, so that what they need does not grow with the number of clients. As many as
    /// the writer takes at once, and as many again that are made ready meanwhile.
    /// </summary>
    public SemaphoreSlim BundlePlaces { get; } = new(Places);

    /// <summary>At most one large Bundle is worked on, of either kind.</summary>
    public bool HasIdleCores => Places - BundlePlaces.CurrentCount + HugePlaces - HugeBundlePlaces.CurrentCount <= 1;

    /// <summary>The same for the largest of them: each needs several times its size.</summary>
    public SemaphoreSlim HugeBundlePlaces { get; } = new(HugePlaces);

    /// <summary>How a sandbox hospital differs from the standard; the trial's endpoint differs in nothing.</summary>
    public Persona Persona { get; init; } = Persona.Plain;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>When the process started: the date of its CapabilityStatement.</summary>
    public DateTimeOffset Started { get; init; }

    public bool Serves(string type) => Types.Contains(type);

    /// <summary>
    /// What a question about all types is limited to: the types that are served, in order; empty for all. Of others something may be stored, from before the list
    /// was made or by the exchange with a hospital.
    /// </summary>
    public IReadOnlyList<string> Limit => Types.Count >= ServedTypes.All.Count ? [] : [.. Types.Order(StringComparer.Ordinal)];

    /// <summary>The route of a request to this endpoint; what the persona lacks is not there, and a read-only type takes no writes.</summary>
    public RouteMatch Find(string method, IReadOnlyList<string> path)
    {
        var match = FhirRoutes.Find(Routes, method, path);
        return match.Route is { } route && Lacks(route, match.Values.Type) ? match with { Route = null, Allow = "GET, HEAD, OPTIONS" } : match;
    }

    private bool Lacks(FhirRoute route, string? type)
        => !ReferenceEquals(Persona, Persona.Plain)
            && (Persona.MissingInteractions.Contains(route.Interaction)
                || (type is not null && FhirRoute.Writes(route.Interaction) && Persona.ReadOnlyTypes.Contains(type)));

    /// <summary>The base URL for links in the answer to this request, without a slash at its end.</summary>
    public string BaseUrlOf(HttpRequest request) => PublicUrl is { } url
        ? url.AbsoluteUri.TrimEnd('/') + BasePath
        : $"{request.Scheme}://{request.Host.Value}{request.PathBase.Value}{BasePath}";
}

/// <param name="Type">Resource type.</param>
/// <param name="Canonical">URL of the StructureDefinition.</param>
internal readonly record struct SupportedProfile(string Type, string Canonical);
