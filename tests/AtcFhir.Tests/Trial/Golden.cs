using System.Text.Encodings.Web;
using System.Text.Json;

namespace AtcFhir.Tests.Trial;

/// <summary>Compares JSON with a file beside the tests. With ATCFHIR_WRITE_GOLDEN=1 the file is written instead; read it before you commit it.</summary>
internal static class Golden
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Check(string path, ReadOnlySpan<byte> json)
    {
        using var document = JsonDocument.Parse(json.ToArray());
        CheckText(path, JsonSerializer.Serialize(document, Indented) + "\n");
    }

    public static void CheckText(string path, string actual)
    {
        var file = Path.Combine(Repository.Root, "tests", "AtcFhir.Tests", "Trial", path);
        if (Environment.GetEnvironmentVariable("ATCFHIR_WRITE_GOLDEN") == "1")
            File.WriteAllText(file, actual);

        Assert.Equal(File.ReadAllText(file), actual);
    }
}
