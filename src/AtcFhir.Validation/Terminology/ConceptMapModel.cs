using System.Text.Json;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Validation.Terminology;

/// <summary>A concept map as written. <see href="https://hl7.org/fhir/R4/conceptmap.html"/></summary>
/// <param name="Source">Canonical of the value set that it maps from, or null.</param>
/// <param name="Target">Canonical of the value set that it maps to, or null.</param>
internal sealed record ConceptMapModel(string? Url, string? Version, string? Source, string? Target, IReadOnlyList<MapGroup> Groups)
{
    public static ConceptMapModel? Read(JsonElement root) => root.Text("resourceType") != "ConceptMap" ? null : new ConceptMapModel(
        root.Text("url"),
        root.Text("version"),
        root.Text("sourceUri") ?? root.Text("sourceCanonical"),
        root.Text("targetUri") ?? root.Text("targetCanonical"),
        [.. root.Items("group").Select(ReadGroup)]);

    private static MapGroup ReadGroup(JsonElement group) => new(
        group.Text("source"),
        group.Text("sourceVersion"),
        group.Text("target"),
        group.Text("targetVersion"),
        [.. group.Items("element").Select(element => new MapElement(element.Text("code"), element.Text("display"), [.. element.Items("target").Select(ReadTarget)]))],
        group.TryGetProperty("unmapped", out var unmapped) ? new UnmappedRule(unmapped.Text("mode") ?? "", unmapped.Text("code"), unmapped.Text("display"), unmapped.Text("url")) : null);

    private static MapTarget ReadTarget(JsonElement target) => new(
        target.Text("code"),
        target.Text("display"),
        target.Text("equivalence") ?? "equivalent",
        target.Text("comment"),
        [.. target.Items("dependsOn").Select(ReadDependency)],
        [.. target.Items("product").Select(ReadDependency)]);

    private static MapDependency ReadDependency(JsonElement item) => new(item.Text("property") ?? "", item.Text("system"), item.Text("value") ?? "", item.Text("display"));
}

/// <param name="Source">Code system of the codes that are mapped.</param>
/// <param name="Target">Code system of what they become.</param>
internal sealed record MapGroup(string? Source, string? SourceVersion, string? Target, string? TargetVersion, IReadOnlyList<MapElement> Elements, UnmappedRule? Unmapped);

internal sealed record MapElement(string? Code, string? Display, IReadOnlyList<MapTarget> Targets);

/// <param name="Equivalence">A code of <see href="https://hl7.org/fhir/R4/valueset-concept-map-equivalence.html"/>.</param>
internal sealed record MapTarget(string? Code, string? Display, string Equivalence, string? Comment, IReadOnlyList<MapDependency> DependsOn, IReadOnlyList<MapDependency> Products);

/// <summary>Another element that the mapping needs, or also gives.</summary>
internal sealed record MapDependency(string Property, string? System, string Value, string? Display);

/// <param name="Mode">provided, fixed or other-map.</param>
internal sealed record UnmappedRule(string Mode, string? Code, string? Display, string? Url);
