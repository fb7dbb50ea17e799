using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AtcFhir.R4.Outcomes;
using AtcFhir.Sync.Hospital;

namespace AtcFhir.Cli.SyncVerbs;

/// <summary>The options that the verbs share, and how they answer.</summary>
internal static class Shared
{
    private static readonly JsonSerializerOptions Camel = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Option<string> Hospital { get; } = new("--hospital") { Description = "Name of the hospital in the configuration.", DefaultValueFactory = _ => HospitalOptions.DefaultName };

    public static Option<string?> AnyHospital { get; } = new("--hospital") { Description = "Only of this hospital." };

    public static Option<bool> Json { get; } = new("--json") { Description = "JSON instead of text." };

    public static void WriteJson<T>(T value) => Console.WriteLine(JsonSerializer.Serialize(value, Camel));

    public static void WriteLine(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    public static int Fail(Failure failure)
    {
        foreach (var issue in failure.Issues)
        {
            Console.Error.WriteLine(issue.Expression is { Length: > 0 } where ? $"{where}: {issue.Text}" : issue.Text);
        }

        return ExitCode.Invalid;
    }
}
