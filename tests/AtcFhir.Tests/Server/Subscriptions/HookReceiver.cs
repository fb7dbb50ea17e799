using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AtcFhir.Tests.Server.Subscriptions;

internal sealed record HookCall(string Line, string? Authorization, string Body);

/// <summary>An endpoint that answers the first calls with 500.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly WebApplication host;
    private int failures;

    private HookReceiver(WebApplication host, int failures) => (this.host, this.failures) = (host, failures);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ConcurrentQueue<HookCall> Calls { get; } = new();

    /// <summary>The next calls are answered with 500.</summary>
    public void Fail(int calls) => Volatile.Write(ref failures, calls);

    public string Url => host.Urls.First() + "/hook";

    public static async Task<HookReceiver> Start(int failures = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new HookReceiver(builder.Build(), failures);
        receiver.host.Run(receiver.Take);
        await receiver.host.StartAsync(Cancel);
        return receiver;
    }

    public async Task Wait(int calls)
    {
        for (var waited = 0; Calls.Count < calls; waited++)
        {
            Assert.True(waited < 500, $"{Calls.Count} calls came, not {calls}: {string.Join("; ", Calls.Select(call => call.Line))}");
            await Task.Delay(20, Cancel);
        }
    }

    public async ValueTask DisposeAsync() => await host.DisposeAsync();

    private async Task Take(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        Calls.Enqueue(new HookCall($"{http.Request.Method} {http.Request.Path}", http.Request.Headers.Authorization, await reader.ReadToEndAsync(Cancel)));
        http.Response.StatusCode = Interlocked.Decrement(ref failures) >= 0 ? 500 : 200;
    }
}
