using System.Text.Json;

namespace AtcFhir.Tests.Store.Search;

/// <summary>
/// Search tables that others publish (derived from microsoft/fhir-server's tests, MIT): fixtures, queries and which fixtures must be found. They are not part
/// of the repository; the tests skip when they are absent.
/// </summary>
internal static class ConformanceTables
{
    private static readonly Lazy<string?> Found = new(Find);

    public static JsonElement Load()
    {
        Assert.SkipWhen(Found.Value is null, "The search tables are not here: ../shared/conformance or $ATCFHIR_CONFORMANCE.");
        using var file = JsonDocument.Parse(File.ReadAllBytes(Found.Value!));
        return file.RootElement.Clone();
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("ATCFHIR_CONFORMANCE") is { Length: > 0 } given)
        {
            return Existing(given);
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Existing(Path.Combine(folder.FullName, "shared", "conformance")) is { } file)
            {
                return file;
            }
        }

        return null;
    }

    private static string? Existing(string folder) => Path.Combine(folder, "search", "tables.json") is var file && File.Exists(file) ? file : null;
}
