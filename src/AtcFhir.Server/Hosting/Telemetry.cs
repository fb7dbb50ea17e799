using AtcFhir.Server.Fhir;
using OpenTelemetry.Metrics;

namespace AtcFhir.Server.Hosting;

/// <summary>Counters for <c>/metrics</c> (Prometheus) and logs that say what happened to which request, never to which patient.</summary>
internal static class Telemetry
{
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FhirMetrics>();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("AtcFhir.*")
            .AddMeter("Microsoft.AspNetCore.Hosting")
            .AddMeter("Microsoft.AspNetCore.Server.Kestrel")
            .AddRuntimeInstrumentation()
            .AddPrometheusExporter());
        if (!builder.Environment.IsDevelopment())
        {
            builder.Logging.ClearProviders().AddJsonConsole(console => console.UseUtcTimestamp = true);
        }
    }
}
