using System.Text.Json;
using AtcFhir.R4.Documents;

namespace AtcFhir.Benchmarks;

/// <summary>Reading a document with its structure check, against a bare Utf8JsonReader scan of the same bytes.</summary>
internal static class DocumentBenchmark
{
    public static Benchmark Definition { get; } = new("document", "µs CPU a resource", ["scan", "document"], side => Task.FromResult(Measure(side)));

    private static double Measure(string side)
    {
        var examples = Examples.Load();
        Action<byte[]> work = side == "scan" ? Scan : Read;
        return Cpu.BestMicrosecondsEach(examples, work);
    }

    private static void Scan(byte[] utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        while (reader.Read())
        {
        }
    }

    private static void Read(byte[] utf8)
    {
        using var document = ResourceDocument.Parse(utf8).Value;
        GC.KeepAlive(document);
    }
}
