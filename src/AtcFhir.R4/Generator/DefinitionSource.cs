using System.Text.Json;

namespace AtcFhir.R4.Generator;

/// <summary>
/// The official definitions as the generator takes them: parsed JSON resources by kind. This is the one seam: another source of
/// the same definitions (such as the specification archive of the Firely SDK) needs one more static method here and nothing else.
/// </summary>
internal sealed record DefinitionSource(
    IReadOnlyList<JsonElement> Types,
    IReadOnlyList<JsonElement> Profiles,
    IReadOnlyList<JsonElement> CodeSystems,
    IReadOnlyList<JsonElement> ValueSets,
    IReadOnlyList<JsonElement> SearchParameters,
    IReadOnlyList<JsonElement> Compartments)
{
    /// <summary>Reads the unpacked npm package hl7.fhir.r4.examples 4.0.1 (its folder "package").</summary>
    public static DefinitionSource FromExamplesPackage(string folder)
    {
        var definitions = Read(folder, "Bundle-types.json", "Bundle-resources.json");
        var profiles = Read(folder, "Bundle-profiles-others.json", "Bundle-extensions.json");
        var terminology = Read(folder, "Bundle-valuesets.json", "Bundle-v2-valuesets.json", "Bundle-v3-valuesets.json");
        var structures = Only(definitions, "StructureDefinition");
        return new DefinitionSource(
            [.. structures.Where(structure => !IsConstraint(structure) && structure.Text("kind") != "logical")],
            [.. structures.Where(IsConstraint), .. Only(profiles, "StructureDefinition")],
            Only(terminology, "CodeSystem"),
            Only(terminology, "ValueSet"),
            Only(Read(folder, "Bundle-searchParams.json"), "SearchParameter"),
            Only(definitions, "CompartmentDefinition"));
    }

    private static bool IsConstraint(JsonElement structure) => structure.Text("derivation") == "constraint";

    private static List<JsonElement> Only(IEnumerable<JsonElement> resources, string type)
        => [.. resources.Where(resource => resource.Text("resourceType") == type)];

    private static List<JsonElement> Read(string folder, params string[] bundles)
        => [.. bundles.SelectMany(bundle => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, bundle))).RootElement.Items("entry"))
            .Select(entry => entry.GetProperty("resource"))];
}

/// <summary>Reading JSON where a property may be absent.</summary>
internal static class JsonReading
{
    public static string? Text(this JsonElement element, string name)
        => element.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText() : null;

    public static string Required(this JsonElement element, string name)
        => element.Text(name) ?? throw new InvalidDataException($"No {name} in {element.Text("url") ?? element.Text("path") ?? element.ToString()}");

    public static bool True(this JsonElement element, string name)
        => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name)
        => element.TryGetProperty(name, out var value) ? value.EnumerateArray() : [];

    public static IEnumerable<string> Texts(this JsonElement element, string name) => element.Items(name).Select(item => item.GetString()!);

    /// <summary>The value of an extension, whatever its type, as text.</summary>
    public static string? Extension(this JsonElement element, string url)
        => element.Items("extension").Where(extension => extension.Text("url") == url)
            .Select(extension => extension.EnumerateObject().First(property => property.Name.StartsWith("value", StringComparison.Ordinal)).Value.ToString())
            .FirstOrDefault();
}
