using AtcFhir.Server.Fhir;

namespace AtcFhir.Server.Hosting;

/// <summary><c>/healthz/live</c>: the process answers. <c>/healthz/ready</c>: the study is loaded, and the store answers and takes writes.</summary>
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

        if (await endpoint.Store.Probe(cancel) is { } failure)
        {
            return Results.Text(failure.Issues[0].Text + "\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        return Results.Text("ready\n");
    }
}
