using AtcFhir.Server.AccessControl;
using AtcFhir.Server.Fhir;

namespace AtcFhir.Server.Bulk;

/// <summary>
/// <c>Prefer: respond-async</c> on whatever may take long: searches, histories, batches, transactions and operations. The answer is 202 with the place to ask,
/// as for an export; the manifest there leads to what the request would have answered. Other interactions take no notice of it.
/// <see href="https://hl7.org/fhir/R4/async.html"/>
/// </summary>
internal static class AsyncRequest
{
    /// <summary>The route, its handler in front of which the preference is looked at.</summary>
    public static FhirRoute Of(FhirRoute route, Func<BulkJobs> jobs) => MayTakeLong(route)
        ? route with
        {
            Handler = (endpoint, access, request, cancel) => request.Prefer.Async && !request.IsHead
                ? ValueTask.FromResult(Start(jobs(), route, endpoint, access, request))
                : route.Handler(endpoint, access, request, cancel),
        }
        : route;

    private static bool MayTakeLong(FhirRoute route) => route.Interaction is "transaction" or ['$', ..]
        || route.Interaction.StartsWith("search-", StringComparison.Ordinal) || route.Interaction.StartsWith("history-", StringComparison.Ordinal);

    private static FhirResponse Start(BulkJobs jobs, FhirRoute route, FhirEndpoint endpoint, Access access, FhirRequest request)
    {
        var job = new BulkJob
        {
            Id = endpoint.Store.NewId(),
            Kind = JobKind.Request,
            Actor = access.Actor,
            RequestId = request.RequestId,
            Request = UrlOf(route, request),
            BaseUrl = request.BaseUrl,
            TransactionTime = endpoint.Time.GetUtcNow(),
        };
        return jobs.Start(job, stop => Answer(route, endpoint, access, request, stop)).TryGet(out _, out var busy) ? BulkRoutes.Accepted(job) : Outcomes.Of(busy);
    }

    private static async ValueTask<FhirResponse> Answer(FhirRoute route, FhirEndpoint endpoint, Access access, FhirRequest request, CancellationToken stop)
    {
        var answer = await route.Handler(endpoint, access, request with { Prefer = request.Prefer with { Async = false } }, stop);
        if (endpoint.Uploads is { } uploads && route.Interaction == "transaction" && answer.Succeeded)
        {
            await uploads.Refresh(stop);
        }

        return answer.IsResource ? answer with { Body = Projection.Of(answer.Body, request.Presentation) } : answer;
    }

    private static string UrlOf(FhirRoute route, FhirRequest request)
    {
        var path = route.Pattern
            .Replace("{type}", request.Route.Type, StringComparison.Ordinal).Replace("{id}", request.Route.Id, StringComparison.Ordinal)
            .Replace("{vid}", request.Route.VersionId, StringComparison.Ordinal).Replace("{compartment}", request.Route.Compartment, StringComparison.Ordinal);
        return $"{request.BaseUrl}{(path.Length == 0 ? "" : "/" + path)}{SearchAnswer.QueryOf(request.Query)}";
    }
}
