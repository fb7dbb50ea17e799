using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace AtcFhir.EndToEnd.Running;

/// <summary>A FHIR server that we did not write in the hospital's place: Medplum's router over its in-memory repository (hospital/server.mjs).</summary>
internal sealed class ForeignHospital : IDisposable
{
    private readonly ChildProcess process;

    private ForeignHospital(ChildProcess process, Uri baseUrl)
    {
        this.process = process;
        BaseUrl = baseUrl;
        Http = new HttpClient { BaseAddress = baseUrl };
    }

    public Uri BaseUrl { get; }

    public HttpClient Http { get; }

    public static async Task<ForeignHospital> Start()
    {
        var port = FreePort.Next();
        var hospital = new ForeignHospital(
            ChildProcess.Start("node", ["server.mjs", port.ToString(CultureInfo.InvariantCulture)], Artifacts.Hospital),
            new Uri($"http://127.0.0.1:{port}/fhir/"));
        await Eventually.Becomes(() => Task.FromResult(hospital.process.Output.Contains("hospital ready", StringComparison.Ordinal)), "the foreign hospital is ready");
        return hospital;
    }

    /// <summary>Creates a resource there and gives its id.</summary>
    public async Task<string> Create(string json)
    {
        var type = JsonNode.Parse(json)!["resourceType"]!.GetValue<string>();
        using var content = new StringContent(json, Encoding.UTF8, "application/fhir+json");
        using var response = await Http.PostAsync(type, content);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<string>();
    }

    public async Task<JsonArray> Search(string query)
        => (await Http.GetFromJsonAsync<JsonNode>(query))!["entry"]?.AsArray() ?? [];

    public void Dispose()
    {
        Http.Dispose();
        process.Dispose();
    }
}
