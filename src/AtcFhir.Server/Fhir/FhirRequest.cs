using AtcFhir.R4.Outcomes;

namespace AtcFhir.Server.Fhir;

/// <summary>
/// One interaction as asked for, whether it came as an HTTP request or as an entry of a batch or transaction.
/// <see href="https://hl7.org/fhir/R4/http.html"/>
/// </summary>
internal sealed record FhirRequest
{
    /// <summary>GET (also for HEAD), POST, PUT, PATCH or DELETE.</summary>
    public required string Method { get; init; }

    /// <summary>Asked by HEAD: answered as GET is, without the body, and without an effect.</summary>
    public bool IsHead { get; init; }

    /// <summary>What was matched in the path: resource type, id, version id; the second type of a compartment search.</summary>
    public RouteValues Route { get; init; }

    /// <summary>The parameters of the URL, and of the body of a POST _search, decoded, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>The base URL that links in the answer start with, without a slash at its end.</summary>
    public required string BaseUrl { get; init; }

    public Presentation Presentation { get; init; } = Presentation.Json;

    public Prefer Prefer { get; init; }

    public string? IfMatch { get; init; }

    public string? IfNoneMatch { get; init; }

    public string? IfModifiedSince { get; init; }

    public string? IfNoneExist { get; init; }

    public string? ContentType { get; init; }

    /// <summary>At the intake: the hospital that is sent for, where that does not follow from who sends.</summary>
    public string? Hospital { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The body as it arrives, for a route that <see cref="FhirRoute.TakesStream"/>; null of others.</summary>
    public Stream? Stream { get; init; }

    /// <summary>Correlates answer, log and audit row.</summary>
    public required string RequestId { get; init; }

    public string Type => Route.Type ?? throw new InvalidOperationException("The route has no type.");

    public string Id => Route.Id ?? throw new InvalidOperationException("The route has no id.");

    /// <summary>First value of the parameter, or null.</summary>
    public string? Parameter(string name)
    {
        foreach (var (key, value) in Query)
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }
}

/// <summary>The variable parts of a path.</summary>
internal readonly record struct RouteValues(string? Type, string? Id, string? VersionId, string? Compartment);

/// <summary>An interaction: request in, answer out.</summary>
internal delegate ValueTask<FhirResponse> FhirHandler(FhirEndpoint endpoint, AccessControl.Access access, FhirRequest request, CancellationToken cancel);
