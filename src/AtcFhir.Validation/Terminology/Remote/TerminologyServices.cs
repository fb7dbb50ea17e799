using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace AtcFhir.Validation.Terminology.Remote;

/// <summary>The door of this room.</summary>
public static class TerminologyServices
{
    private const string Client = "terminology";

    /// <summary>
    /// Adds <see cref="TerminologyServer"/> with its HTTP client: a time limit for each try and one for all, one more try, and a circuit breaker that lets a server
    /// that is down alone for a while. Time comes from the TimeProvider of the services.
    /// </summary>
    public static IServiceCollection AddTerminologyServer(this IServiceCollection services, TerminologyServerOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpClient(Client, static http =>
            {
                http.Timeout = Timeout.InfiniteTimeSpan;
                http.MaxResponseContentBufferSize = TerminologyServer.MaxResponseBytes;
            })
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                AutomaticDecompression = DecompressionMethods.All,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            })
            .AddResilienceHandler(Client, (pipeline, context) => Configure(pipeline, options, context.ServiceProvider.GetRequiredService<TimeProvider>()));
        return services.AddSingleton(provider => new TerminologyServer(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(Client), options, provider.GetRequiredService<TimeProvider>()));
    }

    private static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, TerminologyServerOptions options, TimeProvider time)
    {
        var attempt = TimeSpan.FromSeconds(options.TimeoutSeconds);
        pipeline.TimeProvider = time;
        pipeline
            .AddTimeout(attempt * 3)
            .AddRetry(new HttpRetryStrategyOptions
            {
                // A question changes nothing, so that a POST may be repeated.
                MaxRetryAttempts = 1,
                Delay = TimeSpan.FromMilliseconds(Math.Min(500, attempt.TotalMilliseconds / 4)),
                ShouldHandle = static outcome => ValueTask.FromResult(HasFailed(outcome.Outcome)),
            })
            .AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
            {
                FailureRatio = 0.8,
                MinimumThroughput = options.BreakAfter,
                SamplingDuration = TimeSpan.FromMinutes(1),
                BreakDuration = TimeSpan.FromSeconds(options.BreakSeconds),
                ShouldHandle = static outcome => ValueTask.FromResult(HasFailed(outcome.Outcome)),
            })
            .AddTimeout(attempt);
    }

    private static bool HasFailed(Outcome<HttpResponseMessage> outcome)
        => HttpClientResiliencePredicates.IsTransient(outcome) || (outcome.Result is { IsSuccessStatusCode: true } response && !TerminologyServer.IsJson(response));
}
