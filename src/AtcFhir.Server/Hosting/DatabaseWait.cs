using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Store;
using AtcFhir.Sync.Keys;

namespace AtcFhir.Server.Hosting;

/// <summary>
/// A database that is away when the server starts. Until it comes, a host of its own listens at the same address: it is alive, says at <c>/healthz/ready</c> what
/// it waits for, and answers everything else with 503. Then the server goes on as usual.
/// </summary>
internal static class DatabaseWait
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <returns>False when the process is told to stop meanwhile.</returns>
    public static async Task<bool> UntilOpen(WebApplication app, string[] args)
    {
        if (await Hindrance(app) is not { } hindrance)
        {
            return true;
        }

        app.Logger.LogWarning("{Hindrance} The server waits for it.", hindrance);
        await using var waiting = Host(args, () => hindrance);
        await waiting.StartAsync();
        while (!waiting.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Pause, app.Services.GetRequiredService<TimeProvider>(), waiting.Lifetime.ApplicationStopping);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            if (await Hindrance(app) is not { } still)
            {
                await waiting.StopAsync();
                return true;
            }

            hindrance = still;
        }

        return false;
    }

    /// <summary>Null when the store is open, and its key store beside it: with another one nothing is served.</summary>
    private static async Task<string?> Hindrance(WebApplication app)
    {
        try
        {
            await KeyBinding.Check(app.Services.GetRequiredService<IResourceStore>(), app.Services.GetRequiredService<KeyStore>(), CancellationToken.None);
            return null;
        }
        catch (StoreUnavailableException away)
        {
            return away.Message;
        }
    }

    private static WebApplication Host(string[] args, Func<string> hindrance)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var app = builder.Build();
        app.MapGet("/healthz/live", () => Results.Text("live\n"));
        app.MapGet("/healthz/ready", () => Results.Text(hindrance() + "\n", statusCode: StatusCodes.Status503ServiceUnavailable));
        app.MapFallback(http =>
        {
            http.Response.Headers.RetryAfter = "1";
            var outcome = OperationOutcomeJson.ToUtf8([Issue.Error(IssueCode.Transient, hindrance())]);
            return Results.Text(Encoding.UTF8.GetString(outcome), "application/fhir+json", Encoding.UTF8, StatusCodes.Status503ServiceUnavailable).ExecuteAsync(http);
        });
        return app;
    }
}
