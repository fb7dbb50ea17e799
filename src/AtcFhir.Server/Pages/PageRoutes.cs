using AtcFhir.Server.Fhir;
using AtcFhir.Server.Hosting;
using AtcFhir.Sync.Reports;
using AtcFhir.Trial.Study;
using AtcFhir.Validation;

namespace AtcFhir.Server.Pages;

/// <summary>The pages for people and what belongs to them. No script, nothing from elsewhere.</summary>
internal static class PageRoutes
{
    private const string Policy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapPages(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", Status);
        app.MapGet("/page.css", () => Asset("page.css", "text/css"));
        app.MapGet("/favicon.svg", () => Asset("favicon.svg", "image/svg+xml"));
        app.MapGet("/rules/{rule}", Rule);
        app.MapGet("/docs/api", () => Asset("api.md", "text/plain; charset=utf-8"));
    }

    private static async Task<IResult> Status(
        HttpContext http, FhirEndpoint endpoint, StudyPackage study, Readiness readiness, SyncStatusQuery sync, CancellationToken cancel)
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        var mayLook = (await endpoint.Access.Identify(http)).Succeeded;
        var page = mayLook ? StatusPage.Render(await StatusModel.Read(endpoint, study, readiness, sync, cancel)) : StatusPage.RenderLocked(Product.Version);
        return Results.Content(page.Text, "text/html; charset=utf-8");
    }

    /// <summary>What a rule of the validator means: no secret, and linked from outcomes.</summary>
    private static IResult Rule(HttpContext http, string rule)
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        return RulePage.Of(rule) is { } page
            ? Results.Content(RulePageHtml.Render(rule, page).Text, "text/html; charset=utf-8")
            : Results.NotFound();
    }

    private static IResult Asset(string name, string contentType)
        => Results.Stream(typeof(PageRoutes).Assembly.GetManifestResourceStream(name)!, contentType);
}
