using System.Diagnostics;

namespace AtcFhir.Benchmarks;

/// <summary>Runs the sides of a benchmark in processes of their own, in turn, and prints the ratios of each round.</summary>
internal static class Rounds
{
    /// <returns>The numbers of each side, one a round.</returns>
    public static async Task<IReadOnlyDictionary<string, List<double>>> Compare(Benchmark benchmark, int rounds)
    {
        var numbers = benchmark.Sides.ToDictionary(side => side, _ => new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var side in benchmark.Sides)
            {
                numbers[side].Add(await RunSide(benchmark.Name, side));
            }
        }

        var yardstick = numbers[benchmark.Sides[0]];
        Console.WriteLine($"{benchmark.Name} ({benchmark.Unit}, {rounds} rounds)");
        foreach (var side in benchmark.Sides)
        {
            var ratios = numbers[side].Zip(yardstick, (number, reference) => number / reference).Order().ToList();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {side,-28} median {Median(numbers[side]),10:0.00}   ratio {ratios[rounds / 2]:0.000} ({ratios[0]:0.000} to {ratios[^1]:0.000})"));
        }

        return numbers;
    }

    private static double Median(List<double> numbers) => numbers.Order().ElementAt(numbers.Count / 2);

    private static async Task<double> RunSide(string name, string side)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, ArgumentList = { "--side", name, side } };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? double.Parse(output.Trim().Split('\n')[^1], CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"{name} {side} ended with {process.ExitCode}.");
    }
}
