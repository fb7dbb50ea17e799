using AtcFhir.Server.Fhir;
using AtcFhir.Store;

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

        try
        {
            await endpoint.Store.LastSeq(cancel);
        }
        catch (StoreUnavailableException away)
        {
            return Results.Text(away.Message + "\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        return Results.Text("ready\n");
    }
}
