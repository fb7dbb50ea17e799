using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace AtcFhir.Benchmarks;

/// <summary>
/// How long a read takes when 500 a second are offered, whether those before are answered or not: alone, and while a bulk import runs. A read's time counts from
/// when it was due, so a server that stands still pays for every read that it kept waiting. The generator shares the machine with the server.
/// </summary>
internal static class LatencyBenchmark
{
    public const string Name = "latency";

    private const int PerSecond = 500;
    private const int Size = 10_000;
    private const int Imported = 200_000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(20);

    public static async Task<int> Run(Engine engine)
    {
        using var cluster = PostgresCluster.For(engine);
        await DataSet.Ensure(engine, Size);
        var database = Name;
        engine.Copy(DataSet.NameOf(Size), database);
        var lines = Path.GetTempFileName();
        await File.WriteAllLinesAsync(lines, Enumerable.Range(0, Imported).Select(number => DataSet.Observation(
            string.Create(CultureInfo.InvariantCulture, $"import-{number}"), DataSet.PatientId(number % DataSet.Patients(Imported)), DataSet.CodeOf(number % DataSet.Codes), string.Create(CultureInfo.InvariantCulture, $"{number % 90}.{number}"))));
        try
        {
            await using var server = ServerProcess.Of(engine, database);
            await server.Ready();
            await Offer(server, WarmUp);
            Report(engine, "alone", await Offer(server, Measured));
            var job = await Import(server, lines);
            await Offer(server, WarmUp);
            Report(engine, "while an import runs", await Offer(server, Measured));
            using var status = await server.Send(new HttpRequestMessage(HttpMethod.Get, job));
            Console.WriteLine($"the import was {(status.StatusCode == HttpStatusCode.Accepted ? "under way" : "over")} at the end");
        }
        finally
        {
            File.Delete(lines);
            engine.Drop(database);
        }

        return 0;
    }

    private static async Task<Uri> Import(ServerProcess server, string lines)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/fhir/$import") { Content = new StreamContent(File.OpenRead(lines)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+ndjson");
        request.Headers.Add("Prefer", "respond-async");
        using var answer = await server.Send(request);
        return answer.StatusCode == HttpStatusCode.Accepted ? answer.Content.Headers.ContentLocation! : throw new InvalidOperationException($"The import was answered by {answer.StatusCode}.");
    }

    /// <summary>Milliseconds of each read, in order of length.</summary>
    private static async Task<List<double>> Offer(ServerProcess server, TimeSpan time)
    {
        var milliseconds = new ConcurrentBag<double>();
        var random = new Random(1);
        var reads = new List<Task>();
        var count = (int)(time.TotalSeconds * PerSecond);
        var started = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (reads.Count < count && await tick.WaitForNextTickAsync())
        {
            while (reads.Count < count && Stopwatch.GetElapsedTime(started).TotalSeconds * PerSecond >= reads.Count)
            {
                var due = started + (reads.Count * Stopwatch.Frequency / PerSecond);
                reads.Add(Read(server, DataSet.ObservationId(random.Next(Size)), due, milliseconds));
            }
        }

        await Task.WhenAll(reads);
        return [.. milliseconds.Order()];
    }

    private static async Task Read(ServerProcess server, string id, long due, ConcurrentBag<double> milliseconds)
    {
        await server.Get("/fhir/Observation/" + id);
        milliseconds.Add(Stopwatch.GetElapsedTime(due).TotalMilliseconds);
    }

    private static void Report(Engine engine, string when, List<double> milliseconds)
    {
        string At(double share) => milliseconds[(int)(share * (milliseconds.Count - 1))].ToString("0.0", CultureInfo.InvariantCulture);
        Console.WriteLine($"{engine.Name}, {PerSecond} reads/s offered {when}: p50 {At(0.5)}, p90 {At(0.9)}, p99 {At(0.99)}, p99.9 {At(0.999)}, longest {At(1)} ms");
    }
}
