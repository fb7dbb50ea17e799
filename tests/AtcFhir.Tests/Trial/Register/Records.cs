using System.Text.Json;

namespace AtcFhir.Tests.Trial.Register;

/// <summary>Records of the register: the real one of the trial, and five that are invented.</summary>
internal static class Records
{
    public static IReadOnlyList<string> Names { get; } = ["nl-omon46644", "invented-drug", "invented-device", "invented-observational", "invented-paediatric", "invented-nearly-empty"];

    public static string Read(string name) => File.ReadAllText(Path.Combine(Repository.Root, "tests", "AtcFhir.Tests", "Trial", "Register", name + ".txt"));

    /// <summary>Every text and number that a Bundle holds, white space made even.</summary>
    public static string WordsOf(byte[] bundle)
    {
        using var document = JsonDocument.Parse(bundle);
        return string.Join('\n', Strings(document.RootElement).Select(Even));
    }

    public static string Even(string text) => string.Join(' ', text.Split([' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Strings(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Number => [element.GetRawText()],
        _ => [],
    };
}
