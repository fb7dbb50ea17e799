using AtcFhir.Server.Fhir;

namespace AtcFhir.Server.Hosting;

/// <summary><c>/healthz/live</c>: the process answers. <c>/healthz/ready</c>: the study is loaded and the store answers.</summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz/live", () => Results.Text("live\n"));
        app.MapGet("/healthz/ready", Ready);
    }

    private static async Task<IResult> Ready(Readiness readiness, FhirEndpoint endpoint, CancellationToken cancel)
    {
        if (readiness.Pending is { } pending)
        {
            return Results.Text(pending + "\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        await endpoint.Store.LastSeq(cancel);
        return Results.Text("ready\n");
    }
}
