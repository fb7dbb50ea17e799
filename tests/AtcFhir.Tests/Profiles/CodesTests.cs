using System.Text.Json.Nodes;
using static AtcFhir.Tests.Profiles.ProfilePackage;

namespace AtcFhir.Tests.Profiles;

public class CodesTests
{
    private static readonly IReadOnlyList<string[]> Rows = [.. File.ReadLines(Path.Combine(Source, "codes.tsv")).Skip(1).Select(line => line.Split('\t'))];

    [Fact]
    public void EveryCodeOfOthersThatThePackageUsesIsProven()
    {
        var proven = Rows.Select(row => (row[0], row[1])).ToHashSet();
        Assert.All(Used().Except(Own()), code => Assert.Contains(code, proven));
    }

    [Fact]
    public void EveryProvenCodeIsUsed()
    {
        var used = Used().ToHashSet();
        Assert.All(Rows, row => Assert.Contains((row[0], row[1]), used));
    }

    [Fact]
    public void NoCodeIsUnverified()
        => Assert.All(Rows, row => Assert.True(row[3] is "V1" or "V2" && row[4].Length > 3, string.Join(' ', row)));

    [Fact]
    public void NoCodeIsListedTwice()
        => Assert.Equal(Rows.Count, Rows.Select(row => (row[0], row[1])).Distinct().Count());

    private static IEnumerable<(string, string)> Own()
        => OfType("CodeSystem").Where(system => Text(system, "url").StartsWith(BaseUrl + "/", StringComparison.Ordinal)).SelectMany(system => system["concept"]!.AsArray().Select(concept => (Text(system, "url"), Text(concept, "code"))));

    /// <summary>Codings, quantities, value set members and mapped codes; of a profile only what it adds to its base.</summary>
    private static IEnumerable<(string System, string Code)> Used()
        => Resources.Where(resource => Text(resource.Json, "resourceType") != "CodeSystem").SelectMany(resource => Text(resource.Json, "resourceType") switch
        {
            "StructureDefinition" => Codings(resource.Json["differential"]),
            "ConceptMap" => Mapped(resource.Json),
            _ => Codings(resource.Json),
        });

    private static IEnumerable<(string, string)> Mapped(JsonObject map)
        => map["group"]!.AsArray().SelectMany(group => group!["element"]!.AsArray().SelectMany(element => element!["target"]!.AsArray()
            .Select(target => (Text(group, "target"), Text(target, "code")))
            .Prepend((Text(group, "source"), Text(element, "code")))));

    private static IEnumerable<(string, string)> Codings(JsonNode? node)
    {
        if (node is JsonArray list)
            return list.SelectMany(Codings);
        if (node is not JsonObject json)
            return [];
        var system = Text(json, "system");
        IEnumerable<(string, string)> here = system.Length == 0 ? []
            : json["concept"] is JsonArray concepts ? concepts.Select(concept => (system, Text(concept, "code")))
            : json["code"] is JsonValue ? [(system, Text(json, "code"))] : [];
        return here.Concat(json.Select(property => property.Value).SelectMany(Codings));
    }
}
