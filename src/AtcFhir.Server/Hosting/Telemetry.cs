using AtcFhir.Server.Fhir;
using OpenTelemetry.Metrics;

namespace AtcFhir.Server.Hosting;

/// <summary>Counters for <c>/metrics</c> (Prometheus) and logs that say what happened to which request, never to which patient.</summary>
internal static class Telemetry
{
    // Combinations of tag values for which an instrument counts apart; memory for all of them is taken at once. Ours have some dozens.
    private const int MostSeries = 300;

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FhirMetrics>();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("AtcFhir.*")
            .AddMeter("Microsoft.AspNetCore.Hosting")
            .AddMeter("Microsoft.AspNetCore.Server.Kestrel")
            .AddRuntimeInstrumentation()
            .AddView(static _ => new MetricStreamConfiguration { CardinalityLimit = MostSeries })
            .AddPrometheusExporter());
        if (!builder.Environment.IsDevelopment())
        {
            builder.Logging.ClearProviders().AddJsonConsole(console => console.UseUtcTimestamp = true);
        }
    }
}
