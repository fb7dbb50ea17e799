using System.Diagnostics;
using System.Globalization;
using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.Store;
using AtcFhir.Store.Search;

namespace AtcFhir.Benchmarks;

/// <summary>
/// The store in-process: durable creates by 64 writers against the bare insert (one writer, groups of 64, body and version rows only, the same durability),
/// and reads and searches per second. <c>store</c> runs the measurements in processes of their own, ABAB, and prints medians; <c>store NAME</c> runs one.
/// </summary>
internal static class StoreBenchmark
{
    private const int Writers = 64;
    private const int Rounds = 5;
    private const int Loaded = 20_000;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(4);

    private static readonly string[] Codes = ["89247-1", "1988-5", "26499-4", "8867-4", "29463-7", "8310-5"];

    public static async Task<int> Run(string[] args)
    {
        if (args is [var name])
        {
            var (rate, cost) = await Measure(name);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rate:F0} {cost:F1}"));
            return 0;
        }

        string[] names = ["bare", "create", "transaction", "read", "search"];
        var rates = names.ToDictionary(measured => measured, _ => new List<double>());
        var costs = names.ToDictionary(measured => measured, _ => new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var measured in names)
            {
                var (rate, cost) = await InProcess(measured);
                rates[measured].Add(rate);
                costs[measured].Add(cost);
            }
        }

        var bare = Median(rates["bare"]);
        foreach (var measured in names)
        {
            var (median, low, high) = (Median(rates[measured]), rates[measured].Min(), rates[measured].Max());
            var ratio = measured is "create" or "transaction" ? string.Create(CultureInfo.InvariantCulture, $"  {median / bare:F2} of bare") : "";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{measured,-12}{median,10:F0}/s  ({low:F0} to {high:F0})  {Median(costs[measured]),7:F1} µs CPU{ratio}"));
        }

        return 0;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task<(double Rate, double Cost)> InProcess(string name)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["store", name]) { RedirectStandardOutput = true })!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var parts = text.Split(' ');
        return (double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static async Task<(double Rate, double Cost)> Measure(string name)
    {
        var folder = Directory.CreateTempSubdirectory("atcfhir-bench-");
        try
        {
            var file = Path.Combine(folder.FullName, "store.db");
            return name switch
            {
                "bare" => Bare(),
                "create" => await Create(file),
                "transaction" => await Transactions(file),
                "read" => await Reads(file),
                "search" => await Searches(file),
                _ => throw new ArgumentException($"No measurement {name}."),
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>About 1.3 KB, no two alike.</summary>
    private static byte[] Observation(int number)
    {
        var day = new DateTime(2018, 10, 16).AddDays(number % 700).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var note = new StringBuilder();
        while (note.Length < 500)
        {
            note.Append(CultureInfo.InvariantCulture, $"{(number * 7919L) + note.Length} ");
        }

        return Encoding.UTF8.GetBytes($$"""
            {"resourceType":"Observation","identifier":[{"system":"urn:atcfhir:bench","value":"{{number}}"}],"status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory","display":"Laboratory"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"{{Codes[number % Codes.Length]}}","display":"A measured thing"}],"text":"A measured thing"},"subject":{"reference":"Patient/p{{number % 331}}"},"encounter":{"reference":"Encounter/e{{number % 5003}}"},"effectiveDateTime":"{{day}}T08:30:00Z","issued":"{{day}}T10:00:00.000Z","performer":[{"reference":"Organization/lab"}],"valueQuantity":{"value":{{number % 1000}}.{{number % 10}},"unit":"mg/L","system":"http://unitsofmeasure.org","code":"mg/L"},"note":[{"text":"{{note}}"}]}
            """);
    }

    private static (double, double) Bare()
    {
        var (before, clock) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        var rate = BareInsert.Sqlite();
        return (rate, (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / (rate * clock.Elapsed.TotalSeconds));
    }

    /// <summary>A store that has compiled what it needs.</summary>
    private static async Task<IResourceStore> Open(string file)
    {
        var store = ResourceStore.Open(new StoreOptions { ConnectionString = $"Data Source={file}" });
        for (var number = -12_000; number < 0; number += 100)
        {
            await store.Commit(WriteBatch.Of(new AuditEntry("bench", "warm up", "0"), [.. Enumerable.Range(number, 100).Select(entry => Write(store, -entry))]), CancellationToken.None);
        }

        return store;
    }

    private static ResourceWrite Write(IResourceStore store, int number) => ResourceWrite.Create(store.Prepare(ResourceDocument.Parse(Observation(number)).Value));

    private static async Task<(double, double)> Create(string file)
    {
        await using var store = await Open(file);
        var number = 0;
        var meter = Meter.Start();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            while (meter.IsRunning)
            {
                var result = await store.Commit(WriteBatch.Of(new AuditEntry("bench", "create", "1"), Write(store, Interlocked.Increment(ref number))), CancellationToken.None);
                if (!result.Committed)
                {
                    throw new InvalidOperationException(result.Failure!.Issues[0].Text);
                }
            }
        })));
        return meter.Stop(Volatile.Read(ref number));
    }

    private static async Task<(double, double)> Transactions(string file)
    {
        await using var store = await Open(file);
        var number = 0;
        var meter = Meter.Start();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (meter.IsRunning)
            {
                var first = Interlocked.Add(ref number, 100) - 100;
                await store.Commit(WriteBatch.Of(new AuditEntry("bench", "transaction", "1"), [.. Enumerable.Range(first, 100).Select(entry => Write(store, entry))]), CancellationToken.None);
            }
        })));
        return meter.Stop(Volatile.Read(ref number));
    }

    private static async Task<List<string>> Load(IResourceStore store)
    {
        var ids = new List<string>(Loaded);
        for (var first = 0; first < Loaded; first += 500)
        {
            var result = await store.Commit(WriteBatch.Of(new AuditEntry("bench", "load", "0"), [.. Enumerable.Range(first, 500).Select(entry => Write(store, entry))]), CancellationToken.None);
            ids.AddRange(result.Writes.Select(write => write.Id));
        }

        return ids;
    }

    private static async Task<(double, double)> Reads(string file)
    {
        await using var store = await Open(file);
        var ids = await Load(store);
        return await Repeat(async number => await store.Read("Observation", ids[(int)(number * 7919L % Loaded)], CancellationToken.None) is not null);
    }

    private static async Task<(double, double)> Searches(string file)
    {
        await using var store = await Open(file);
        await Load(store);
        return await Repeat(async number =>
        {
            var query = SearchRequest.Parse(store.SearchParameters, "Observation", $"subject=Patient/p{number % 331}&code=http://loinc.org|{Codes[number % Codes.Length]}&_count=10").Value.Query;
            return (await store.Search(query, CancellationToken.None)).Value.Matches.Count > 0;
        });
    }

    private static async Task<(double, double)> Repeat(Func<int, Task<bool>> once)
    {
        var done = 0;
        var meter = Meter.Start();
        await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(async () =>
        {
            while (meter.IsRunning)
            {
                if (!await once(Interlocked.Increment(ref done)))
                {
                    throw new InvalidOperationException("Nothing was found.");
                }
            }
        })));
        return meter.Stop(Volatile.Read(ref done));
    }

    /// <summary>Wall clock and CPU of the whole process; the latter says more on a machine that is shared.</summary>
    private sealed class Meter
    {
        private readonly Stopwatch clock = Stopwatch.StartNew();
        private readonly TimeSpan before = Cpu();

        public static Meter Start() => new();

        public bool IsRunning => clock.Elapsed < Length;

        public (double Rate, double Cost) Stop(int done) => (done / clock.Elapsed.TotalSeconds, (Cpu() - before).TotalMicroseconds / done);

        private static TimeSpan Cpu()
        {
            using var process = Process.GetCurrentProcess();
            return process.TotalProcessorTime;
        }
    }
}
