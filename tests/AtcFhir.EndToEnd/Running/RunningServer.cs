using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace AtcFhir.EndToEnd.Running;

/// <summary>The published server as a process of its own, with its data in a folder that the test owns.</summary>
internal sealed class RunningServer : IDisposable
{
    private readonly ChildProcess process;

    private RunningServer(ChildProcess process, Uri address)
    {
        this.process = process;
        Address = address;
        // Longer than a busy machine may stand still; what hangs is seen all the same.
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public string Log => process.Output;

    public double ResidentMegabytes => process.ResidentMegabytes;

    /// <summary>The most resident memory that it ever had, in MiB.</summary>
    public double PeakMegabytes => process.PeakMegabytes;

    public int ProcessId => process.Id;

    /// <summary>Starts it and waits until it is ready.</summary>
    public static Task<RunningServer> Start(string folder, params (string Name, string Value)[] settings) => StartBy(Artifacts.Server, [], folder, settings);

    /// <summary>Starts it and does not wait.</summary>
    public static RunningServer Launch(string folder, params (string Name, string Value)[] settings) => LaunchBy(Artifacts.Server, [], folder, settings);

    /// <summary>The same by a program that prepares something and then becomes the server.</summary>
    public static async Task<RunningServer> StartBy(string program, IEnumerable<string> arguments, string folder, params (string Name, string Value)[] settings)
    {
        var server = LaunchBy(program, arguments, folder, settings);
        await Eventually.Becomes(server.IsReady, "the server is ready");
        return server;
    }

    private static RunningServer LaunchBy(string program, IEnumerable<string> arguments, string folder, (string Name, string Value)[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        Dictionary<string, string> environment = new()
        {
            ["Urls"] = address.ToString(),
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Sync__IntervalSeconds"] = "1",
        };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return new RunningServer(ChildProcess.Start(program, arguments, folder, environment), address);
    }

    public void Kill() => process.Kill();

    /// <summary>What is there. A busy server is asked again, as its Retry-After says.</summary>
    public async Task<JsonNode> Get(string path)
    {
        for (var tries = 10; ; tries--)
        {
            using var response = await Http.GetAsync(path);
            var text = await response.Content.ReadAsStringAsync();
            if (tries > 0 && response is { StatusCode: HttpStatusCode.ServiceUnavailable, Headers.RetryAfter.Delta: { } pause })
            {
                await Task.Delay(pause);
                continue;
            }

            Assert.True(response.StatusCode == HttpStatusCode.OK, $"GET {path}: {(int)response.StatusCode} {text}");
            return JsonNode.Parse(text)!;
        }
    }

    public async Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseHeaders Headers)> Send(HttpMethod method, string path, string? json)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/fhir+json");
        }

        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), response.Headers);
    }

    public async Task<int> Count(string search)
        => (await Get(search + (search.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "_summary=count"))["total"]!.GetValue<int>();

    /// <summary>Everything that was ever written under a base: the total of its system history.</summary>
    public async Task<int> HistoryTotal(string basePath) => (await Get(basePath + "/_history?_count=1"))["total"]!.GetValue<int>();

    public void Dispose()
    {
        Http.Dispose();
        process.Dispose();
    }

    public async Task<bool> IsReady()
    {
        if (process.HasEnded)
        {
            Assert.Fail("The server ended: " + process.Output);
        }

        try
        {
            using var response = await Http.GetAsync("/healthz/ready");
            return response.IsSuccessStatusCode;
        }
        catch (Exception gone) when (IsGone(gone))
        {
            return false;
        }
    }

    /// <summary>What a client meets when the server ends; of one that ends just after it took the connection, HttpClient passes on what the socket says.</summary>
    public static bool IsGone(Exception error) => error is HttpRequestException or SocketException;
}
