using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AtcFhir.R4.Canonical;
using CsCheck;

namespace AtcFhir.Tests.R4.Canonical;

public sealed class CanonicalFormTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Theory]
    [InlineData("""{ "b" : 1.00, "a" : [ true , null ] }""", """{"a":[true,null],"b":1.00}""")]
    [InlineData("""{"a":"\u0041\/é\n"}""", """{"a":"A/é\n"}""")]
    [InlineData("1E2", "1E2")]
    [InlineData("0.00000000000000000000000000000000001", "0.00000000000000000000000000000000001")]
    public void HasOneSpelling(string json, string canonical) => Assert.Equal(canonical, Encoding.UTF8.GetString(CanonicalForm.Of(Encoding.UTF8.GetBytes(json))));

    [Theory]
    [InlineData("""{"id":"1","meta":{"versionId":"3","lastUpdated":"2018-10-16T00:00:00Z"},"resourceType":"Patient"}""", """{"id":"1","resourceType":"Patient"}""")]
    [InlineData("""{"resourceType":"Patient","meta":{"versionId":"3","tag":[{"code":"x"}]}}""", """{"meta":{"tag":[{"code":"x"}]},"resourceType":"Patient"}""")]
    public void LeavesOutVersionAndTime(string json, string canonical) => Assert.Equal(canonical, Encoding.UTF8.GetString(CanonicalForm.WithoutStamp(Encoding.UTF8.GetBytes(json))));

    /// <summary>Ledgers hold fingerprints of these bytes: a database of any earlier version has to find what it knows.</summary>
    [Theory]
    [InlineData("""{"resourceType":"Observation","id":"1","meta":{"tag":[{"code":"x"}]},"text":{"div":"x"},"valueString":"Blättchen < 5 'µ'","b":1.00}""", """{"b":1.00,"resourceType":"Observation","valueString":"Bl\u00E4ttchen \u003C 5 \u0027\u00B5\u0027"}""")]
    [InlineData("""{"resourceType":"Basic","contained":[{"resourceType":"Basic","id":"c","meta":{},"text":{}}],"code":{"text":"t","id":"i"}}""", """{"code":{"id":"i","text":"t"},"contained":[{"id":"c","meta":{},"resourceType":"Basic","text":{}}],"resourceType":"Basic"}""")]
    public void TheContentIsWithoutWhatServersSetAndItsBytesNeverChange(string json, string content) => Assert.Equal(content, Encoding.UTF8.GetString(CanonicalForm.Content(Encoding.UTF8.GetBytes(json))));

    [Fact]
    public void TheHashTellsPrecisionApartButNotKeyOrderOrVersion()
    {
        static string Hash(string json) => CanonicalForm.Hash(Encoding.UTF8.GetBytes(json));
        Assert.Equal(Hash("""{"a":1.0,"meta":{"versionId":"1"},"b":2}"""), Hash("""{ "b":2, "a":1.0 }"""));
        Assert.NotEqual(Hash("""{"a":1.0}"""), Hash("""{"a":1.00}"""));
        Assert.Equal(64, Hash("{}").Length);
    }

    [Fact]
    public void ShufflingKeysAndSpacesOfAnExampleChangesNothing() => Gen.Int[0, int.MaxValue].Select(Gen.Int[0, R4Examples.All.Count - 1]).Sample((seed, index) =>
    {
        var example = R4Examples.All[index].Utf8;
        var shuffled = JsonSerializer.SerializeToUtf8Bytes(Shuffle(JsonNode.Parse(example)!, new Random(seed)), seed % 2 == 0 ? Indented : JsonSerializerOptions.Default);
        var canonical = CanonicalForm.Of(example);
        return canonical.AsSpan().SequenceEqual(CanonicalForm.Of(shuffled)) && canonical.AsSpan().SequenceEqual(CanonicalForm.Of(canonical));
    }, iter: 60);

    private static JsonNode? Shuffle(JsonNode? node, Random random) => node switch
    {
        JsonObject owner => new JsonObject(Shuffled([.. owner.Select(property => KeyValuePair.Create(property.Key, Shuffle(property.Value, random)))], random)),
        JsonArray list => new JsonArray([.. list.Select(item => Shuffle(item, random))]),
        _ => node?.DeepClone(),
    };

    private static KeyValuePair<string, JsonNode?>[] Shuffled(KeyValuePair<string, JsonNode?>[] properties, Random random)
    {
        random.Shuffle(properties);
        return properties;
    }
}
