using AtcFhir.Benchmarks;

// dotnet run -c Release --project tests/AtcFhir.Benchmarks -- NAME
// Each benchmark compares sides in separate processes, in turn (A B A B …), and prints the ratios of each round, their median and spread.
// A side runs as `--side NAME SIDE` and prints one number. The benchmarks over HTTP take an engine and sizes: `http-read postgres 10000,1000000`.
Benchmark[] benchmarks =
[
    DocumentBenchmark.Definition, ValidationBenchmark.Base, ValidationBenchmark.Trial, ValidationBenchmark.Observation, ValidationBenchmark.Bundle,
    MedplumBenchmark.Definition,
];
var usage = $"Benchmarks: store, plot, {LatencyBenchmark.Name} with an engine, {string.Join(", ", benchmarks.Select(benchmark => benchmark.Name))}; data, {string.Join(", ", BulkBenchmark.Names)}, {string.Join(", ", HttpBenchmark.All.Select(http => http.Name))}, each with an engine and sizes";

switch (args)
{
    case ["--side", var name, var side]:
        var measured = await Find(name).Measure(side);
        Console.WriteLine(measured.ToString("R", CultureInfo.InvariantCulture));
        return 0;
    case ["--bare-kestrel", var port, var file]:
        await BareKestrel.Run(int.Parse(port, CultureInfo.InvariantCulture), file);
        return 0;
    case ["plot"]:
        SizePlot.Table();
        SizePlot.Draw();
        return 0;
    case ["store", .. var rest]:
        return await StoreBenchmark.Run(rest);
    case [LatencyBenchmark.Name, .. var rest] when Engine.All.FirstOrDefault(engine => engine.Name == (rest.ElementAtOrDefault(0) ?? "sqlite")) is { } engine:
        return await LatencyBenchmark.Run(engine);
    case [var name, .. var rest] when name == "data" || BulkBenchmark.Names.Contains(name) || HttpBenchmark.All.Any(http => http.Name == name):
        return await OverHttp(name, rest);
}

var chosen = benchmarks.Where(benchmark => args.Contains(benchmark.Name)).ToList();
if (chosen.Count == 0)
{
    Console.Error.WriteLine(usage);
    return 2;
}

foreach (var benchmark in chosen)
{
    await Rounds.Compare(benchmark, rounds: 7);
}

return 0;

// NAME [ENGINE [SIZE,… [ROUNDS]]]
async Task<int> OverHttp(string name, string[] rest)
{
    var engine = Engine.All.FirstOrDefault(engine => engine.Name == (rest.ElementAtOrDefault(0) ?? "sqlite"));
    if (engine is null)
    {
        Console.Error.WriteLine(usage);
        return 2;
    }

    List<int> sizes = [.. (rest.ElementAtOrDefault(1) ?? "10000").Split(',').Select(size => int.Parse(size, CultureInfo.InvariantCulture))];
    using var cluster = PostgresCluster.For(engine);
    if (name == "data")
    {
        foreach (var size in sizes)
        {
            await DataSet.Ensure(engine, size);
        }

        return 0;
    }

    var rounds = int.Parse(rest.ElementAtOrDefault(2) ?? "5", CultureInfo.InvariantCulture);
    if (BulkBenchmark.Names.Contains(name))
    {
        await BulkBenchmark.Run(name, engine, sizes[0], rounds);
        return 0;
    }

    var http = HttpBenchmark.All.Single(http => http.Name == name);
    await http.Prepare(engine, sizes);
    SizePlot.Save($"{http.Name} {engine.Name}", await Rounds.Compare(http.On(engine, sizes), rounds));
    return 0;
}

// "document", or "http-read postgres".
Benchmark Find(string name) => name.Split(' ') is [var http, var engine]
    ? HttpBenchmark.All.Single(one => one.Name == http).On(Engine.All.Single(one => one.Name == engine), [])
    : benchmarks.Single(benchmark => benchmark.Name == name);
