using AtcFhir.Benchmarks;

// dotnet run -c Release --project tests/AtcFhir.Benchmarks -- NAME
// Each benchmark compares sides in separate processes, in turn (A B A B …), and prints the ratios of each round, their median and spread.
// A side runs as `--side NAME SIDE` and prints one number.
Benchmark[] benchmarks =
[
    DocumentBenchmark.Definition, ValidationBenchmark.Base, ValidationBenchmark.Trial, ValidationBenchmark.Observation, ValidationBenchmark.Bundle,
    MedplumBenchmark.Definition, HttpBenchmark.Read, HttpBenchmark.Create,
];

switch (args)
{
    case ["--side", var name, var side]:
        var measured = await benchmarks.Single(benchmark => benchmark.Name == name).Measure(side);
        Console.WriteLine(measured.ToString("R", CultureInfo.InvariantCulture));
        return 0;
    case ["--bare-kestrel", var port]:
        await BareKestrel.Run(int.Parse(port, CultureInfo.InvariantCulture));
        return 0;
    case ["store", .. var rest]:
        return await StoreBenchmark.Run(rest);
}

var chosen = benchmarks.Where(benchmark => args.Contains(benchmark.Name)).ToList();
if (chosen.Count == 0)
{
    Console.Error.WriteLine("Benchmarks: store, " + string.Join(", ", benchmarks.Select(benchmark => benchmark.Name)));
    return 2;
}

foreach (var benchmark in chosen)
{
    await Rounds.Compare(benchmark);
}

return 0;
