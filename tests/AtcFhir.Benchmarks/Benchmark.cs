namespace AtcFhir.Benchmarks;

/// <summary>A comparison: the first side is the yardstick, each other side is stated as a ratio to it.</summary>
/// <param name="Name">As given on the command line.</param>
/// <param name="Unit">What a side's number is, such as "µs CPU a resource".</param>
/// <param name="Sides">The yardstick first.</param>
/// <param name="Measure">Runs one side in this process.</param>
internal sealed record Benchmark(string Name, string Unit, IReadOnlyList<string> Sides, Func<string, Task<double>> Measure);
