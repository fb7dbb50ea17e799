using AtcFhir.R4.Outcomes;
using AtcFhir.Server.AccessControl;

namespace AtcFhir.Server.Fhir;

/// <summary>FHIR batch interaction: each entry on its own, one that fails stops no other. <see href="https://hl7.org/fhir/R4/http.html#brules"/></summary>
internal static class Batch
{
    public static async ValueTask<FhirResponse> Run(
        FhirEndpoint endpoint, Access access, FhirRequest request, IReadOnlyList<BundleEntry> entries, CancellationToken cancel)
    {
        var answers = new FhirResponse[entries.Count];
        foreach (var entry in entries.OrderBy(entry => ProcessingOrder.Of(entry.Request.Method)))
        {
            answers[entry.Index] = await Answer(endpoint, access, entry, cancel);
        }

        return Bundles.Answer("batch-response", endpoint.Time.GetUtcNow(), answers);
    }

    /// <summary>What the entry's request would be answered with if it came by itself.</summary>
    public static async ValueTask<FhirResponse> Answer(FhirEndpoint endpoint, Access access, BundleEntry entry, CancellationToken cancel)
    {
        var match = endpoint.Find(entry.Request.Method, entry.Path);
        if (match.Route is not { Interaction: not "transaction" } route)
        {
            return Outcomes.NoRoute(entry.Request.Method, match.Route is null ? match.Allow : null);
        }

        if (route.AnswersOtherwise)
        {
            return Outcomes.Of(FailureKind.Malformed, IssueCode.NotSupported, $"{entry.Request.Method} {string.Join('/', entry.Path)} is a request of its own; it cannot be an entry of a Bundle.");
        }

        if (match.Values.Type is { } type && !endpoint.Serves(type))
        {
            return Outcomes.UnknownType(type);
        }

        if (!Presentation.Of(accept: null, entry.Request.Query).TryGet(out var presentation, out var unclear))
        {
            return Outcomes.Of(unclear);
        }

        var request = entry.Request with { Route = match.Values, Presentation = presentation, ContentType = entry.PatchType, Body = entry.Content };
        var answer = await route.Handler(endpoint, access, request, cancel);
        if (request.IsHead || answer.Status == StatusCodes.Status304NotModified)
        {
            return answer with { Body = ReadOnlyMemory<byte>.Empty };
        }

        return answer.IsResource && !answer.Body.IsEmpty ? answer with { Body = Projection.Of(answer.Body, presentation) } : answer;
    }
}

/// <summary>The order in which the entries of a batch or transaction are carried out. <see href="https://hl7.org/fhir/R4/http.html#trules"/></summary>
internal static class ProcessingOrder
{
    public static int Of(string method) => method switch
    {
        "DELETE" => 0,
        "POST" => 1,
        "PUT" or "PATCH" => 2,
        _ => 3,
    };
}
