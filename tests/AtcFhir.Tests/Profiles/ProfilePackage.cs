using System.Text.Json.Nodes;
using AtcFhir.Tests.Trial;

namespace AtcFhir.Tests.Profiles;

/// <summary>The committed profiles as they lie in the repository: FSH source, compiled package, counter-examples.</summary>
internal static class ProfilePackage
{
    public const string BaseUrl = "https://example.org/atcfhir";

    public static string Source { get; } = Path.Combine(Repository.Root, "profiles");

    public static string Folder { get; } = Path.Combine(Source, "package");

    public static string CounterExamples { get; } = Path.Combine(Repository.Root, "tests", "AtcFhir.Tests", "Profiles", "counter-examples");

    /// <summary>Every resource of the package, examples included, by its path under package/.</summary>
    public static IReadOnlyList<(string File, JsonObject Json)> Resources { get; } =
    [
        .. new[] { "", "example" }
            .SelectMany(part => Directory.EnumerateFiles(Path.Combine(Folder, part), "*.json"))
            .Where(path => Path.GetFileName(path) is not ("package.json" or ".index.json"))
            .Order(StringComparer.Ordinal)
            .Select(path => (Path.GetRelativePath(Folder, path).Replace('\\', '/'), JsonNode.Parse(File.ReadAllText(path))!.AsObject())),
    ];

    public static IEnumerable<JsonObject> OfType(string type) => Resources.Select(resource => resource.Json).Where(json => Text(json, "resourceType") == type);

    public static IEnumerable<JsonObject> ProfileDefinitions => OfType("StructureDefinition").Where(json => Text(json, "type") != "Extension");

    public static IEnumerable<JsonObject> ExtensionDefinitions => OfType("StructureDefinition").Where(json => Text(json, "type") == "Extension");

    public static JsonObject Resource(string file) => Resources.Single(resource => resource.File == file).Json;

    public static string Text(JsonNode? node, string name) => (string?)node?[name] ?? "";

    public static IEnumerable<JsonObject> Elements(JsonObject definition, string part) => definition[part]!["element"]!.AsArray().Select(element => element!.AsObject());

    /// <summary>The rows of counter-examples/index.tsv: file, kind of rule, FHIRPath of the finding, rule.</summary>
    public static IReadOnlyList<CounterExample> CounterExampleIndex { get; } =
    [
        .. File.ReadLines(Path.Combine(CounterExamples, "index.tsv")).Skip(1).Select(line => line.Split('\t')).Select(row => new CounterExample(row[0], row[1], row[2], row[3])),
    ];
}

/// <summary>A resource that breaks exactly one rule of a profile.</summary>
/// <param name="File">profile-id--name.json</param>
/// <param name="Kind">invariant, invariant-warning, binding, binding-warning, cardinality, slice, pattern or type.</param>
/// <param name="Expression">FHIRPath of the element at which it fails.</param>
/// <param name="Rule">Key of the invariant, id of the value set, or name of the element or slice.</param>
internal sealed record CounterExample(string File, string Kind, string Expression, string Rule)
{
    public string ProfileId => File[..File.IndexOf("--", StringComparison.Ordinal)];
}
