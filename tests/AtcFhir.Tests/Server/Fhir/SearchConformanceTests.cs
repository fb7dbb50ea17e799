using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AtcFhir.Tests.Server.Fhir;

/// <summary>
/// The public search tables (derived from the end-to-end tests of another server), over HTTP, under Validation:OnWrite=Off, since some of their resources
/// leave out mandatory elements.
/// </summary>
public class SearchConformanceTests
{
    [Fact]
    public async Task EveryRowFindsWhatR4Says()
    {
        var tables = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Conformance.Folder, "search", "tables.json"), TestContext.Current.CancellationToken))!;
        await using var app = ServerApp.OfPlainStudy("Validation:OnWrite=Off");
        var ids = new Dictionary<string, List<string>>();
        foreach (var fixture in tables["fixtures"]!.AsArray())
        {
            ids[(string)fixture!["name"]!] = await Load(app, fixture);
        }

        var wrong = new List<string>();
        // Rows of level "peer" are habits of that one server where the text of R4 leaves room or says otherwise.
        foreach (var test in tables["cases"]!.AsArray().Where(test => (string?)test!["level"] != "peer"))
        {
            var (fixture, query) = ((string)test!["fixture"]!, ((string)test["query"]!).Replace("{tag}", TagOf((string)test["fixture"]!), StringComparison.Ordinal));
            query = Regex.Replace(query, @"\{id(\d+)\}", match => ids[fixture][int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)]);
            var found = await app.Get($"{(string)test["type"]!}?{query}&_count=100");
            var expected = test["expect"]!.AsArray().Select(index => ids[fixture][(int)index!]).Order(StringComparer.Ordinal);
            if (found.Status != 200 || !found.Matches.Order(StringComparer.Ordinal).SequenceEqual(expected))
            {
                var got = found.Status == 200 ? string.Join(',', found.Matches.Select(id => ids[fixture].IndexOf(id))) : found.Text;
                wrong.Add($"{(string)test["id"]!} {query}: expected {test["expect"]!.ToJsonString()}, got {found.Status} {got}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    private static async Task<List<string>> Load(ServerApp app, JsonNode fixture)
    {
        var name = (string)fixture["name"]!;
        var ids = new List<string>();
        foreach (var resource in fixture["resources"]!.AsArray())
        {
            var created = await app.Post((string)resource!["resourceType"]!, resource.ToJsonString(new JsonSerializerOptions()).Replace("{tag}", TagOf(name), StringComparison.Ordinal));
            Assert.True(created.Status == 201, created.Text);
            ids.Add(created.Id);
        }

        return ids;
    }

    private static string TagOf(string fixture) => "tag-" + fixture;
}
