using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace AtcFhir.Benchmarks;

/// <summary>
/// The published server's bulk operations on either engine: <c>$export</c> of a data set, from the request to the files that stand, in MB/s; and
/// <c>$import</c> of as many Observations into an empty store, with validation, from the first byte to the answer, in resources/s.
/// </summary>
internal static class BulkBenchmark
{
    public static IReadOnlyList<string> Names { get; } = ["export", "import"];

    public static async Task Run(string name, Engine engine, int size, int rounds)
    {
        var rates = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            rates.Add(name == "export" ? await Export(engine, size) : await Import(engine, size));
        }

        rates.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name} {engine.Name} {size} ({(name == "export" ? "MB/s" : "resources/s")}, {rounds} rounds)  median {rates[rates.Count / 2]:0.0} ({rates[0]:0.0} to {rates[^1]:0.0})"));
    }

    private static async Task<double> Export(Engine engine, int size)
    {
        await DataSet.Ensure(engine, size);
        await using var server = ServerProcess.Of(engine, DataSet.NameOf(size));
        await server.Ready();
        var clock = Stopwatch.StartNew();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fhir/$export?_type=Observation") { Headers = { { "Prefer", "respond-async" }, { "Accept", "application/fhir+json" } } };
        using var accepted = await server.Send(request);
        var job = accepted.EnsureSuccessStatusCode().Content.Headers.ContentLocation ?? throw new InvalidOperationException("The export names no place to ask.");
        var manifest = await Done(server, job);
        var seconds = clock.Elapsed.TotalSeconds;
        var bytes = 0L;
        foreach (var file in manifest.RootElement.GetProperty("output").EnumerateArray())
        {
            using var get = new HttpRequestMessage(HttpMethod.Get, file.GetProperty("url").GetString());
            using var answer = await server.Send(get);
            bytes += (await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync()).LongLength;
        }

        return bytes / seconds / 1e6;
    }

    private static async Task<JsonDocument> Done(ServerProcess server, Uri job)
    {
        while (true)
        {
            using var ask = new HttpRequestMessage(HttpMethod.Get, job.PathAndQuery);
            using var answer = await server.Send(ask);
            if (answer.EnsureSuccessStatusCode().StatusCode == HttpStatusCode.OK)
            {
                return await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync());
            }

            await Task.Delay(20);
        }
    }

    private static async Task<double> Import(Engine engine, int size)
    {
        const string Database = "import";
        engine.Create(Database);
        var file = Path.Combine(Engine.Folder, "import.ndjson");
        try
        {
            await using (var lines = new StreamWriter(file, append: false, new UTF8Encoding(false)))
            {
                for (var number = 0; number < size; number++)
                {
                    // One code that is a laboratory result: those of the trial have profiles of their own, which these would break.
                    await lines.WriteLineAsync(DataSet.Observation(
                        DataSet.ObservationId(number), DataSet.PatientId(number % DataSet.Patients(size)), "6690-2", string.Create(CultureInfo.InvariantCulture, $"{10 + (number % 80)}.{number % 1000}")));
                }
            }

            await using var server = ServerProcess.Of(engine, Database);
            await server.Ready();
            var clock = Stopwatch.StartNew();
            await using var body = File.OpenRead(file);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/fhir/$import") { Content = new StreamContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/fhir+ndjson") } } };
            using var answer = await server.Send(request);
            using var manifest = await JsonDocument.ParseAsync(await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync());
            var rate = size / clock.Elapsed.TotalSeconds;
            var imported = manifest.RootElement.GetProperty("output").EnumerateArray().Sum(output => output.GetProperty("count").GetInt32());
            return imported == size ? rate : throw new InvalidOperationException($"{imported} of {size} were imported.");
        }
        finally
        {
            File.Delete(file);
            engine.Drop(Database);
        }
    }
}
