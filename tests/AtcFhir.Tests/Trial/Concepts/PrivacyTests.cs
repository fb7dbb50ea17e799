using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.R4.Documents;
using AtcFhir.Trial.Concepts;
using AtcFhir.Trial.Synthetic;
using CsCheck;

namespace AtcFhir.Tests.Trial.Concepts;

/// <summary>
/// Whatever a hospital writes, and wherever it writes it: a name, number or address does not pass. Resources of the synthetic hospital get
/// planted strings in the place of strings that they have, and as elements that they do not have.
/// </summary>
public class PrivacyTests
{
    private static readonly string[] Plants = ["Zwartjanssen", "999990019", "Geheimlaan 13", "Zwart", "anakinra Zwartjanssen", "1: Zwartjanssen"];

    private static readonly string[] Leaks = ["zwart", "999990019", "geheim", "synthetisch", "verzonnen", "fictie", "atc-p", "telefonisch", "toegediend"];

    private static readonly string[] Names = ["display", "text", "note", "reference", "extension", "value", "unit", "code", "system", "linkId", "id", "valueString", "div", "contained", "identifier", "name"];

    private static readonly string[] Examples =
        [.. new SyntheticHospital(ownsResearchSubjects: true).Events(0, 60).Where(happened => happened.ResourceType != "Group").Select(happened => Encoding.UTF8.GetString(happened.Utf8)).DistinctBy(json => (json.Length, json[..60]))];

    private static readonly Gen<(int Example, (int Place, int Plant, int Name, bool Replace)[] Changes)> Changed =
        Gen.Select(Gen.Int[0, Examples.Length - 1], Gen.Select(Gen.Int[0, 1000], Gen.Int[0, Plants.Length - 1], Gen.Int[0, Names.Length - 1], Gen.Bool).Array[0, 6]);

    [Fact]
    public void NothingThatIdentifiesAPersonPassesTheBorder() => Changed.Sample(
        sample =>
        {
            var output = Output(Plant(Examples[sample.Example], sample.Changes));
            return Leaks.All(leak => !output.Contains(leak, StringComparison.OrdinalIgnoreCase));
        },
        iter: 3_000,
        threads: 1);

    private static string Plant(string json, (int Place, int Plant, int Name, bool Replace)[] changes)
    {
        var root = JsonNode.Parse(json)!;
        foreach (var (place, plant, name, replace) in changes)
        {
            var objects = Objects(root).ToList();
            var target = objects[place % objects.Count];
            var strings = target.Where(property => property.Key != "resourceType" && property.Value is JsonValue value && value.TryGetValue<string>(out _)).Select(property => property.Key).ToList();
            target[replace && strings.Count > 0 ? strings[place % strings.Count] : Names[name]] = Plants[plant];
        }

        return root.ToJsonString();
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject self => self.SelectMany(property => Objects(property.Value)).Prepend(self),
        JsonArray array => array.SelectMany(Objects),
        _ => [],
    };

    private static string Output(string json)
    {
        var parsed = ResourceDocument.Parse(Encoding.UTF8.GetBytes(json));
        if (!parsed.TryGet(out var document, out _))
            return string.Empty;

        return ConceptCatalog.FromHospital(document, Contexts.Any) switch
        {
            Mapped.Taken taken => Encoding.UTF8.GetString(taken.Trial) + Encoding.UTF8.GetString(taken.Source ?? []),
            Mapped.Quarantine quarantine => string.Join('\n', quarantine.Issues.Select(issue => issue.ToString())),
            Mapped.NotInScope left => left.Counted,
            _ => throw new InvalidOperationException(),
        };
    }
}
