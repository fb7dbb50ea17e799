using System.IO.Compression;
using AtcFhir.Server.Fhir;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

namespace AtcFhir.Server.Hosting;

/// <summary>What every request passes: limits, compression, the headers of a careful server.</summary>
internal static class HttpPlumbing
{
    /// <summary>What is read of a connection before anybody asks for it; a megabyte of each, as is usual, would be most of the memory that hundreds of senders take.</summary>
    private const long ReadAhead = 64 * 1024;

    /// <summary>What a page may see of an answer besides its body.</summary>
    private static readonly string[] ShownHeaders = ["ETag", "Last-Modified", "Location", "Content-Location", "Expires", "Retry-After", "X-Progress", "X-Request-Id", "WWW-Authenticate"];

    public static void AddHttp(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null; // FhirBody counts, and answers with an OperationOutcome

            // FhirHttp refuses a quarter of these with an OperationOutcome; beyond them Kestrel answers 414 and 431 without one.
            kestrel.Limits.MaxRequestLineSize = 4 * FhirHttp.MostUrlCharacters;
            kestrel.Limits.MaxRequestHeadersTotalSize = 4 * FhirHttp.MostHeaderCharacters;
            kestrel.Limits.MaxRequestHeaderCount = 1000;
        });
        builder.WebHost.UseSockets(static sockets => sockets.MaxReadBufferSize = ReadAhead);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddCors();
        builder.Services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true; // no secret of ours is ever reflected next to what a client sent
            compression.MimeTypes = ["application/fhir+json", "application/fhir+xml", "application/fhir+ndjson", "application/json", "text/html", "text/css", "image/svg+xml", "text/plain"];
        });
        builder.Services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        builder.Services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
        builder.Services.AddRequestDecompression();
        builder.Services.AddSingleton(static services =>
        {
            var server = services.GetRequiredService<IOptions<ServerOptions>>().Value;
            return new Admission(server.MaxRequests, server.MaxHeldBytes);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
    }

    public static void UseHttp(this WebApplication app)
    {
        app.Use(static (http, next) =>
        {
            http.Response.Headers.XContentTypeOptions = "nosniff";
            http.Response.Headers["Referrer-Policy"] = "no-referrer";
            http.Response.Headers.CacheControl = "no-store";
            return next(http);
        });
        if (app.Services.GetRequiredService<IOptions<ServerOptions>>().Value.AllowedOrigins is { Length: > 0 } origins)
        {
            // R4 wants it for clients in browsers: https://hl7.org/fhir/R4/http.html#security
            app.UseWhen(static http => http.Request.Path.StartsWithSegments("/fhir"), fhir => fhir.UseCors(policy => policy.WithOrigins(origins).AllowAnyMethod().AllowAnyHeader().WithExposedHeaders(ShownHeaders)));
        }

        app.UseWhen(static http => http.Request.Headers.ContainsKey("Accept-Encoding"), static compressed => compressed.UseResponseCompression());
        app.UseWhen(static http => http.Request.Headers.ContainsKey("Content-Encoding"), static encoded => encoded.UseRequestDecompression());
    }
}
