using System.Diagnostics;

namespace AtcFhir.Tests.Fuzzing;

/// <summary>
/// Damaged input of every sort (bytes, structure, values; resources as JSON and XML, profiles, terminology, FHIRPath) against everything that reads it: a clear
/// issue at a place that exists, the same one each time, in bounded time and memory. CONTRIBUTING.md says how to run more than the few thousand of every day.
/// </summary>
public sealed class FuzzTests
{
    /// <summary>Of one input, the smallest of three tries: the slowest sound ones take a tenth of it.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private const long MostBytes = 400_000_000;

    private static int Count => Setting("ATCFHIR_FUZZ_INPUTS", 4_000);

    private static int Seed => Setting("ATCFHIR_FUZZ_SEED", 20261124);

    private static int First => Setting("ATCFHIR_FUZZ_FIRST", 0);

    [Fact]
    public void NoInputDoesHarm()
    {
        var target = new FuzzTarget();
        var findings = new List<string>();
        var (count, seed, first) = (Count, Seed, First);
        var worst = (Number: 0, Bytes: 0L, Time: TimeSpan.Zero);
        var log = Environment.GetEnvironmentVariable("ATCFHIR_FUZZ_LOG");
        var started = Stopwatch.StartNew();
        for (var number = first; number < first + count && findings.Count < 50; number++)
        {
            if (log is not null && (number - first) % 10_000 == 0)
            {
                File.AppendAllText(log, string.Create(CultureInfo.InvariantCulture, $"{number} inputs, {started.Elapsed.TotalSeconds:0} s, {Environment.WorkingSet / 1_000_000} MB, {GC.GetTotalMemory(true) / 1_000_000} MB live, slowest {worst.Time.TotalMilliseconds:0} ms (#{worst.Number}), {findings.Count} findings\n"));
            }

            var input = FuzzInput.Make(seed, number);
            if (Fault(target, input, ref worst, number) is { } fault)
            {
                findings.Add($"#{number} ({input.Kind}, {input.Bytes.Length} bytes): {fault}");
                if (log is not null)
                {
                    File.AppendAllText(log, findings[^1] + "\n");
                    File.WriteAllBytes(string.Create(CultureInfo.InvariantCulture, $"{log}.{number}"), input.Bytes);
                }
            }
        }

        if (log is not null)
        {
            File.AppendAllText(log, string.Create(CultureInfo.InvariantCulture, $"done: {count} inputs from #{first} of seed {seed}, {started.Elapsed.TotalSeconds:0} s, {Environment.WorkingSet / 1_000_000} MB, slowest {worst.Time.TotalMilliseconds:0} ms (#{worst.Number}), {findings.Count} findings\n"));
        }

        Assert.Empty(findings);
    }

    private static string? Fault(FuzzTarget target, FuzzInput input, ref (int Number, long Bytes, TimeSpan Time) worst, int number)
    {
        var shortest = TimeSpan.MaxValue;
        for (var tries = 0; tries < 3; tries++)
        {
            var (bytes, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            try
            {
                target.Try(input);
            }
            catch (FuzzFinding finding)
            {
                return finding.Message;
            }
            catch (Exception crash)
            {
                return crash.ToString();
            }

            var (allocated, time) = (GC.GetAllocatedBytesForCurrentThread() - bytes, Stopwatch.GetElapsedTime(start));
            if (allocated > MostBytes)
            {
                return string.Create(CultureInfo.InvariantCulture, $"allocated {allocated / 1_000_000} MB");
            }

            shortest = time < shortest ? time : shortest;
            if (shortest < Longest)
            {
                worst = shortest > worst.Time ? (number, allocated, shortest) : worst;
                return null;
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"took {shortest.TotalSeconds:0.0} s");
    }

    private static int Setting(string name, int otherwise)
        => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
