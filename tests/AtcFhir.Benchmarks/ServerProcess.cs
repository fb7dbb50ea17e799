using System.Diagnostics;
using System.Globalization;

namespace AtcFhir.Benchmarks;

/// <summary>A server in a process of its own: the published product, or the bare endpoint. It works in a folder that goes with it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int Port = 5480;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("atcfhir-bench-");
    private readonly HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{Port}"), Timeout = Timeout.InfiniteTimeSpan };
    private readonly Process process;

    private ServerProcess(ProcessStartInfo start, params (string Name, string Value)[] environment)
    {
        start.WorkingDirectory = folder.FullName;
        start.RedirectStandardOutput = true;
        start.Environment["Urls"] = Address.ToString();
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["Sandbox__Enabled"] = "false";
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
    }

    public Uri Address => http.BaseAddress!;

    /// <summary>The databases are kept from run to run, so the key store, which they remember, is too.</summary>
    public static ServerProcess Of(Engine engine, string database) => new(
        new ProcessStartInfo(Path.GetFullPath(Path.Combine("artifacts", "server", "AtcFhir.Server"))),
        ("Keys__ConnectionString", $"Data Source={Path.Combine(Engine.Folder, "keys.db")}"),
        ("Keys__KeyFile", Path.Combine(Engine.Folder, "keys.key")),
        ("Store__Engine", engine.Store.ToString()),
        ("Store__ConnectionString", engine.ConnectionString(database)));

    /// <summary>Kestrel with nothing but a handler that writes the bytes of the file.</summary>
    public static ServerProcess Bare(string file) => new(
        new ProcessStartInfo(Environment.ProcessPath!, ["--bare-kestrel", Port.ToString(CultureInfo.InvariantCulture), file]));

    public async Task Ready()
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            try
            {
                if ((await http.GetAsync("/healthz/ready")).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(100);
        }

        throw new InvalidOperationException("The server did not become ready.");
    }

    public Task<byte[]> Get(string path) => http.GetByteArrayAsync(path);

    public Task<HttpResponseMessage> Send(HttpRequestMessage request) => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        http.Dispose();
        folder.Delete(recursive: true);
    }
}
