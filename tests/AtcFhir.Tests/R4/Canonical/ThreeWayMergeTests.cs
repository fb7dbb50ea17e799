using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.R4.Canonical;
using AtcFhir.R4.Documents;
using CsCheck;

namespace AtcFhir.Tests.R4.Canonical;

public sealed class ThreeWayMergeTests
{
    private const string Base = """
        {"resourceType":"Observation","status":"final","code":{"text":"a"},"valueQuantity":{"value":5,"unit":"mg"},
         "identifier":[{"system":"s","value":"1"},{"system":"s","value":"2","use":"usual"}],
         "component":[{"id":"x","code":{"text":"x"},"valueString":"1"},{"id":"y","code":{"text":"y"},"valueString":"2"}],
         "performer":[{"display":"p"}],"issued":"2018-10-16T08:00:00Z","meta":{"versionId":"1","tag":[{"system":"t","code":"1"}]}}
        """;

    [Theory]
    // Different elements.
    [InlineData("""{"status":"amended"}""", """{"issued":"2018-10-17T08:00:00Z"}""", """{"status":"amended","issued":"2018-10-17T08:00:00Z"}""")]
    // The same edit.
    [InlineData("""{"status":"amended"}""", """{"status":"amended"}""", """{"status":"amended"}""")]
    // One removes, the other adds.
    [InlineData("""{"performer":null}""", """{"note":[{"text":"n"}]}""", """{"performer":null,"note":[{"text":"n"}]}""")]
    // Items with keys.
    [InlineData("""{"identifier":[{"system":"s","value":"1"}]}""", """{"identifier":[{"system":"s","value":"1"},{"system":"s","value":"2","use":"usual"},{"system":"s","value":"3"}]}""", """{"identifier":[{"system":"s","value":"1"},{"system":"s","value":"3"}]}""")]
    [InlineData("""{"identifier":[{"system":"s","value":"1"},{"system":"s","value":"2","use":"usual"},{"system":"s","value":"4"}]}""", """{"identifier":[{"system":"s","value":"1"},{"system":"s","value":"2","use":"usual"},{"system":"s","value":"3"}]}""", """{"identifier":[{"system":"s","value":"1"},{"system":"s","value":"2","use":"usual"},{"system":"s","value":"3"},{"system":"s","value":"4"}]}""")]
    // Inside a backbone element.
    [InlineData("""{"component":[{"id":"x","code":{"text":"x"},"valueString":"9"},{"id":"y","code":{"text":"y"},"valueString":"2"}]}""", """{"component":[{"id":"x","code":{"text":"x!"},"valueString":"1"},{"id":"y","code":{"text":"y"},"valueString":"3"}]}""", """{"component":[{"id":"x","code":{"text":"x!"},"valueString":"9"},{"id":"y","code":{"text":"y"},"valueString":"3"}]}""")]
    // Tags, and versions that differ anyway.
    [InlineData("""{"meta":{"versionId":"2","tag":[{"system":"t","code":"1"},{"system":"t","code":"2"}]}}""", """{"meta":{"versionId":"7","tag":[]}}""", """{"meta":{"tag":[{"system":"t","code":"2"}]}}""")]
    public void EditsOfDifferentElementsComeTogether(string local, string remote, string expected)
    {
        var result = Merge(Edited(local), Edited(remote));
        Assert.Equal([], result.Conflicts);
        Assert.Equal(Canonical(Edited(expected)), Canonical(Encoding.UTF8.GetString(result.Merged!)));
        Assert.Equal(Canonical(Edited(expected)), Canonical(Encoding.UTF8.GetString(Merge(Edited(remote), Edited(local)).Merged!)));
    }

    [Theory]
    [InlineData("""{"status":"amended"}""", """{"status":"corrected"}""", "Observation.status")]
    [InlineData("""{"status":null}""", """{"status":"corrected"}""", "Observation.status")]
    // A dose of 6 mg and one of 5 g must not become 6 g.
    [InlineData("""{"valueQuantity":{"value":6,"unit":"mg"}}""", """{"valueQuantity":{"value":5,"unit":"g"}}""", "Observation.value")]
    // A choice element is one thing.
    [InlineData("""{"valueQuantity":null,"valueString":"a"}""", """{"valueQuantity":null,"valueInteger":1}""", "Observation.value")]
    [InlineData("""{"valueQuantity":null,"valueString":"a"}""", """{"valueQuantity":{"value":7,"unit":"mg"}}""", "Observation.value")]
    // A primitive and its extensions are one thing.
    [InlineData("""{"issued":"2018-10-17T08:00:00Z"}""", """{"_issued":{"id":"i"}}""", "Observation.issued")]
    // A list without keys is one thing.
    [InlineData("""{"performer":[{"display":"q"}]}""", """{"performer":[{"display":"p"},{"display":"r"}]}""", "Observation.performer")]
    // Removed here, changed there.
    [InlineData("""{"component":[{"id":"y","code":{"text":"y"},"valueString":"2"}]}""", """{"component":[{"id":"x","code":{"text":"x"},"valueString":"9"},{"id":"y","code":{"text":"y"},"valueString":"2"}]}""", "Observation.component.where(id='x')")]
    [InlineData("""{"identifier":[{"system":"s","value":"1"}]}""", """{"identifier":[{"system":"s","value":"1"},{"system":"s","value":"2","use":"old"}]}""", "Observation.identifier.where(system='s' and value='2')")]
    // Both empty the list, each a part of it.
    [InlineData("""{"identifier":[{"system":"s","value":"1"}]}""", """{"identifier":[{"system":"s","value":"2","use":"usual"}]}""", "Observation.identifier")]
    public void DisagreementIsAConflictAtItsPath(string local, string remote, string path)
    {
        var result = Merge(Edited(local), Edited(remote));
        Assert.Null(result.Merged);
        Assert.Equal([path], result.Conflicts);
        Assert.Equal([path], Merge(Edited(remote), Edited(local)).Conflicts);
    }

    [Fact]
    public void AnotherTypeIsAConflict() => Assert.Equal(["Observation"], Merge(Base, """{"resourceType":"Patient"}""").Conflicts);

    [Fact]
    public void WhatOneSideDidAloneIsTaken() => Scenario.Sample((original, seed, _) =>
    {
        var (common, edited) = (Parse(original), Parse(Edit(original, seed)));
        var expected = CanonicalForm.WithoutStamp(edited.Utf8);
        return Is(ThreeWayMerge.Merge(common, edited, common), expected) && Is(ThreeWayMerge.Merge(common, common, edited), expected) && Is(ThreeWayMerge.Merge(common, edited, edited), expected);
    }, iter: 200);

    [Fact]
    public void ItDoesNotMatterWhoIsCalledLocal() => Scenario.Sample((original, first, second) =>
    {
        var (common, left, right) = (Parse(original), Parse(Edit(original, first)), Parse(Edit(original, second)));
        var (one, other) = (ThreeWayMerge.Merge(common, left, right), ThreeWayMerge.Merge(common, right, left));
        return one.Conflicts.Order().SequenceEqual(other.Conflicts.Order())
            && (one.Merged is null ? other.Merged is null : Is(other, CanonicalForm.Of(one.Merged)));
    }, iter: 200);

    [Fact]
    public void MergingTheResultAgainChangesNothing() => Scenario.Sample((original, first, second) =>
    {
        var (common, left, right) = (Parse(original), Parse(Edit(original, first)), Parse(Edit(original, second)));
        var merged = ThreeWayMerge.Merge(common, left, right).Merged;
        return merged is null || Is(ThreeWayMerge.Merge(common, Parse(Encoding.UTF8.GetString(merged)), right), CanonicalForm.Of(merged));
    }, iter: 200);

    /// <summary>An example, and two seeds for edits of it.</summary>
    private static Gen<(string, int, int)> Scenario
    {
        get
        {
            var examples = R4Examples.All.Where(example => example.Utf8.Length < 8_000).Select(example => Encoding.UTF8.GetString(example.Utf8)).ToArray();
            return Gen.Int[0, examples.Length - 1].Select(Gen.Int, Gen.Int).Select((index, first, second) => (examples[index], first, second));
        }
    }

    /// <summary>One to three edits somewhere: a property removed, a text changed, an item doubled or removed, a list turned round.</summary>
    private static string Edit(string json, int seed)
    {
        var random = new Random(seed);
        var root = JsonNode.Parse(json)!;
        for (var left = random.Next(1, 4); left > 0; left--)
        {
            var places = Descendants(root).Where(node => node.Parent is JsonArray || (node.Parent is JsonObject && node.GetPropertyName() != "resourceType")).ToList();
            if (places.Count == 0)
            {
                break;
            }

            EditAt(places[random.Next(places.Count)], random);
        }

        return root.ToJsonString();
    }

    private static void EditAt(JsonNode place, Random random)
    {
        switch (place, random.Next(3))
        {
            case (JsonValue value, 0 or 1) when value.TryGetValue<string>(out var text):
                value.ReplaceWith(text + random.Next(3));
                break;
            case (JsonArray list, 0) when list.Count > 0:
                list.Add(list[random.Next(list.Count)]?.DeepClone());
                break;
            case (JsonArray list, 1) when list.Count > 1:
                var items = list.ToList();
                list.Clear();
                items.Reverse();
                items.ForEach(list.Add);
                break;
            case ({ Parent: JsonObject owner }, _):
                owner.Remove(place.GetPropertyName());
                break;
            case ({ Parent: JsonArray owner }, _):
                owner.Remove(place);
                break;
        }
    }

    private static IEnumerable<JsonNode> Descendants(JsonNode node) => node switch
    {
        JsonObject owner => owner.Where(property => property.Value is not null).SelectMany(property => Descendants(property.Value!).Prepend(property.Value!)),
        JsonArray list => list.Where(item => item is not null).SelectMany(item => Descendants(item!).Prepend(item!)),
        _ => [],
    };

    private static bool Is(MergeResult result, byte[] canonical) => result.Merged is { } merged && CanonicalForm.Of(merged).AsSpan().SequenceEqual(canonical);

    private static MergeResult Merge(string local, string remote) => ThreeWayMerge.Merge(Parse(Base), Parse(local), Parse(remote));

    private static ResourceDocument Parse(string json) => ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value;

    private static string Canonical(string json) => Encoding.UTF8.GetString(CanonicalForm.WithoutStamp(Encoding.UTF8.GetBytes(json)));

    /// <summary>The base with other properties; null removes.</summary>
    private static string Edited(string changes)
    {
        var root = JsonNode.Parse(Base)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(changes)!.AsObject())
        {
            if (value is null)
            {
                root.Remove(name);
            }
            else
            {
                root[name] = value.DeepClone();
            }
        }

        return root.ToJsonString();
    }
}
