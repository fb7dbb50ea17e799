using AtcFhir.Benchmarks;

// dotnet run -c Release --project tests/AtcFhir.Benchmarks -- NAME
// Each benchmark compares sides in separate processes, in turn (A B A B …), and prints the ratios of each round, their median and spread.
// A side runs as `--side NAME SIDE` and prints one number.
Benchmark[] benchmarks = [DocumentBenchmark.Definition];

if (args is ["--side", var name, var side])
{
    var measured = await benchmarks.Single(benchmark => benchmark.Name == name).Measure(side);
    Console.WriteLine(measured.ToString("R", CultureInfo.InvariantCulture));
    return 0;
}

var chosen = args.Length == 0 ? benchmarks : [.. benchmarks.Where(benchmark => args.Contains(benchmark.Name))];
if (chosen.Length == 0)
{
    Console.Error.WriteLine("Benchmarks: " + string.Join(", ", benchmarks.Select(benchmark => benchmark.Name)));
    return 2;
}

foreach (var benchmark in chosen)
{
    await Rounds.Compare(benchmark);
}

return 0;
