using AtcFhir.R4.Documents;

namespace AtcFhir.Tests.Trial;

/// <summary>The examples that the profiles come with, in profiles/package/example.</summary>
internal static class ProfileExamples
{
    public static IEnumerable<string> Files => Directory.EnumerateFiles(Folder(), "*.json").Where(file => !Path.GetFileName(file).StartsWith('.')).Order(StringComparer.Ordinal);

    public static ResourceDocument Read(string file) => ResourceDocument.Parse(File.ReadAllBytes(Path.Combine(Folder(), file))).Value;

    private static string Folder() => Path.Combine(Repository.Root, "profiles", "package", "example");
}
