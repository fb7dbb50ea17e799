using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AtcFhir.Server.Fhir;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AtcFhir.Tests.Server;

/// <summary>The whole server in memory, with stores in a folder of its own that goes with it.</summary>
public sealed class ServerApp : IAsyncDisposable
{
    private readonly Factory factory;
    private DirectoryInfo? package;
    private readonly PostgresSchema? postgres = PostgresSchema.OfThisTest();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("atcfhir-server-");

    /// <param name="settings">Configuration, as "Validation:OnWrite=Off"; open access and no sync unless said otherwise.</param>
    public ServerApp(params string[] settings) : this(static _ => { }, settings) { }

    /// <param name="services">Changes to the server's services.</param>
    public ServerApp(Action<IServiceCollection> services, params string[] settings)
    {
        factory = new Factory(folder.FullName, services, [.. postgres is null ? [] : (string[])["Store:Engine=postgres", "Store:ConnectionString=" + postgres.ConnectionString], .. settings]);
        Client = factory.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => factory.Services;

    internal FhirEndpoint Endpoint => factory.Services.GetRequiredService<FhirEndpoint>();

    public HttpMessageHandler CreateHandler() => factory.Server.CreateHandler();

    /// <summary>The server of a study without profiles of its own: everything valid by R4 can be written, such as a Patient with a name.</summary>
    public static ServerApp OfPlainStudy(params string[] settings)
    {
        var package = Directory.CreateTempSubdirectory("atcfhir-package-");
        File.WriteAllText(Path.Combine(package.FullName, "package.json"), """{"name":"plain.study","version":"1.0.0"}""");
        return new ServerApp([$"Study:Package={package.FullName}", .. settings]) { package = package };
    }

    /// <summary>Waits until the study is loaded.</summary>
    public async Task<ServerApp> Ready()
    {
        while (!(await Client.GetAsync("/healthz/ready", TestContext.Current.CancellationToken)).IsSuccessStatusCode)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        return this;
    }

    public Task<Reply> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, null, headers);

    public Task<Reply> Delete(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Delete, path, null, headers);

    public Task<Reply> Post(string path, string body, params (string Name, string Value)[] headers) => Send(HttpMethod.Post, path, body, headers);

    public Task<Reply> Put(string path, string body, params (string Name, string Value)[] headers) => Send(HttpMethod.Put, path, body, headers);

    public Task<Reply> Patch(string path, string body, params (string Name, string Value)[] headers) => Send(HttpMethod.Patch, path, body, headers);

    public async Task<Reply> Send(HttpMethod method, string path, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : "/fhir/" + path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/fhir+json");
        }

        foreach (var (name, value) in headers)
        {
            if (name.StartsWith("Content-", StringComparison.Ordinal))
            {
                request.Content!.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var all = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Reply((int)response.StatusCode, all, bytes);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await factory.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
        package?.Delete(recursive: true);
        postgres?.Dispose();
    }

    private sealed class Factory(string folder, Action<IServiceCollection> services, string[] settings) : WebApplicationFactory<FhirEndpoint>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseContentRoot(folder);
            builder.UseEnvironment("Development");
            builder.UseSetting("Store:ConnectionString", $"Data Source={Path.Combine(folder, "trial.db")}");
            builder.UseSetting("Keys:ConnectionString", $"Data Source={Path.Combine(folder, "keys.db")}");
            builder.UseSetting("Keys:KeyFile", Path.Combine(folder, "keys.key"));
            builder.UseSetting("Bulk:Folder", Path.Combine(folder, "bulk"));
            builder.UseSetting("Access:Mode", "Open");
            builder.UseSetting("Sync:Enabled", "false");
            builder.UseSetting("Sandbox:Enabled", "false");
            builder.ConfigureLogging(logging => logging.ClearProviders());
            builder.ConfigureTestServices(services);
            foreach (var setting in settings)
            {
                var equals = setting.IndexOf('=', StringComparison.Ordinal);
                builder.UseSetting(setting[..equals], setting[(equals + 1)..]);
            }
        }
    }
}

/// <summary>An answer of the server.</summary>
public sealed record Reply(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonObject Json => JsonNode.Parse(Bytes, documentOptions: new JsonDocumentOptions { MaxDepth = 128 })!.AsObject();

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>"Observation".</summary>
    public string? ResourceType => (string?)Json["resourceType"];

    public string Id => (string)Json["id"]!;

    /// <summary>The resources of a Bundle.</summary>
    public IReadOnlyList<JsonObject> Entries => [.. (Json["entry"]?.AsArray() ?? []).Select(entry => entry!.AsObject())];

    /// <summary>The ids of the matches of a searchset.</summary>
    public IReadOnlyList<string> Matches => [.. Entries.Where(entry => (string?)entry["search"]?["mode"] == "match").Select(entry => (string)entry["resource"]!["id"]!)];

    /// <summary>The codes of an OperationOutcome's issues.</summary>
    public IReadOnlyList<string> IssueCodes => [.. Json["issue"]!.AsArray().Select(issue => (string)issue!["code"]!)];

    public string? Link(string relation)
        => (string?)(Json["link"]?.AsArray() ?? []).FirstOrDefault(link => (string?)link!["relation"] == relation)?["url"];

    /// <summary>Asserts status and an OperationOutcome with an issue of that code.</summary>
    public void Refuses(int status, string code)
    {
        Assert.Equal(status, Status);
        Assert.Equal("OperationOutcome", ResourceType);
        Assert.Contains(code, IssueCodes);
    }
}
