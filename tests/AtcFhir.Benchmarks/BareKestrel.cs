using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AtcFhir.Benchmarks;

/// <summary>The yardstick of HTTP: Kestrel with nothing but a handler that writes the same bytes.</summary>
internal static class BareKestrel
{
    public static async Task Run(int port, string file)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        var body = await File.ReadAllBytesAsync(file);
        app.Run(async context =>
        {
            context.Response.ContentType = "application/fhir+json; charset=utf-8";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body);
        });
        await app.RunAsync();
    }
}
