using System.Text;
using System.Text.Json;
using AtcFhir.R4.Documents;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Benchmarks;

/// <summary>Parsing and complete validation, against a bare Utf8JsonReader scan of the same bytes; and whether a large Bundle costs more an entry than a small one.</summary>
internal static class ValidationBenchmark
{
    /// <summary>The official examples against the base definitions of R4 (and what these demand of themselves, such as the vital signs profiles).</summary>
    public static Benchmark Base { get; } = new("validate", "µs CPU a resource", ["scan", "base R4"], side => Task.FromResult(
        Cpu.BestMicrosecondsEach(Examples.Load(), side == "scan" ? Scan : Validate(new Validator(ConformanceSource.Official)))));

    /// <summary>The examples of the trial's package, each against the profiles that its meta names.</summary>
    public static Benchmark Trial { get; } = new("validate-profile", "µs CPU a resource", ["scan", "trial profile"], side =>
    {
        var package = FhirPackage.Open(Path.Combine("profiles", "package")).Value;
        return Task.FromResult(Cpu.BestMicrosecondsEach(TrialExamples(), side == "scan" ? Scan : Validate(new Validator(ConformanceSource.Official.With(package)))));
    });

    /// <summary>A laboratory result of about 1.3 KB.</summary>
    public static Benchmark Observation { get; } = new("validate-observation", "µs CPU a resource", ["scan", "document", "base R4"], side =>
    {
        var work = side == "scan" ? Scan : side == "document" ? Parse : Validate(new Validator(ConformanceSource.Official));
        return Task.FromResult(Cpu.BestMicrosecondsEach([.. Enumerable.Repeat(Encoding.UTF8.GetBytes(DataSet.Observation("f001", "p1", "6690-2", "7.2")), 700)], work));
    });

    public static Benchmark Bundle { get; } = new("validate-bundle", "µs CPU an entry", ["1,000 entries", "10,000 entries"], side =>
    {
        var count = side == "1,000 entries" ? 1_000 : 10_000;
        var each = Cpu.BestMicrosecondsEach([Collection(count)], Validate(new Validator(ConformanceSource.Official)));
        return Task.FromResult(each / count);
    });

    private static void Scan(byte[] utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        while (reader.Read())
        {
        }
    }

    private static void Parse(byte[] utf8)
    {
        using var document = ResourceDocument.Parse(utf8).Value;
        GC.KeepAlive(document);
    }

    public static Action<byte[]> Validate(Validator validator) => utf8 =>
    {
        using var document = ResourceDocument.Parse(utf8).Value;
        GC.KeepAlive(validator.Validate(document));
    };

    private static List<byte[]> TrialExamples()
        => [.. Directory.EnumerateFiles(Path.Combine("profiles", "package", "example"), "*-*.json").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    /// <summary>A patient and results that refer to it and to each other, as a subject's record is.</summary>
    private static byte[] Collection(int count)
    {
        const string Base = "http://ehr.example.org/fhir/";
        var text = new StringBuilder($$$"""{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"{{{Base}}}Patient/p1","resource":{"resourceType":"Patient","id":"p1"}}""");
        for (var i = 1; i < count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $",{{\"fullUrl\":\"{Base}Observation/o{i}\",\"resource\":");
            text.Append(DataSet.Observation($"o{i}", "p1", "6690-2", "7.2"));
            text.Append('}');
        }

        return Encoding.UTF8.GetBytes(text.Append("]}").ToString());
    }
}
