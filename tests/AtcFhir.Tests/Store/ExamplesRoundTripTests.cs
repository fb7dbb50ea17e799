using System.Text.Json;
using System.Text.Json.Nodes;
using AtcFhir.R4.Documents;
using AtcFhir.Store;
using AtcFhir.Store.Search;

namespace AtcFhir.Tests.Store;

/// <summary>Every official example goes in and comes out the same, apart from id and the stamp in meta.</summary>
public class ExamplesRoundTripTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryOfficialExampleReadsBackByteForByte()
    {
        await using var test = new TestStore();
        var different = new List<string>();
        foreach (var example in R4Examples.All)
        {
            var document = ResourceDocument.Parse(example.Utf8).Value;
            var result = await test.Store.Commit(WriteBatch.Of(TestStore.Tester, ResourceWrite.Create(test.Store.Prepare(document))), Cancel);
            Assert.Null(result.Failure);
            var written = result.Writes[0].Resource!;
            var read = (await test.Store.Read(example.ResourceType, written.Id, Cancel))!;
            if (!Same(example.Utf8, read.Body.Span))
            {
                different.Add(example.Name);
            }
        }

        Assert.Empty(different);
    }

    [Fact]
    public async Task EveryOfficialExampleIsFoundByItsIdAndLeavesNoRowWhenItIsDeleted()
    {
        await using var test = new TestStore();
        var written = new List<StoredResource>();
        foreach (var example in R4Examples.All)
        {
            written.Add(await test.Write(ResourceWrite.Create(test.Store.Prepare(ResourceDocument.Parse(example.Utf8).Value))));
        }

        foreach (var resource in written)
        {
            Assert.Equal([resource.Id], await test.Ids(resource.Type, $"_id={resource.Id}"));
            await test.Delete(resource.Type, resource.Id);
        }

        foreach (var table in (string[])["sp_token", "sp_ref", "sp_date", "sp_str", "sp_qty", "sp_num", "sp_uri", "cmp"])
        {
            var rows = await test.Store.Query(AtcFhir.Store.Side.SideQuery.Of($"SELECT count(*) FROM {table}"), Cancel);
            Assert.Equal((table, 0), (table, rows[0].Long(0)));
        }
    }

    /// <summary>What stands outside of id and meta is equal to the byte; inside meta the rest is equal as JSON.</summary>
    private static bool Same(byte[] given, ReadOnlySpan<byte> stored)
    {
        var (left, right) = (Properties(given), Properties(stored));
        var meta = (Bare(left.GetValueOrDefault("meta")), Bare(right.GetValueOrDefault("meta")));
        return JsonNode.DeepEquals(meta.Item1, meta.Item2)
            && left.Keys.Where(IsContent).SequenceEqual(right.Keys.Where(IsContent))
            && left.Keys.Where(IsContent).All(name => left[name] == right[name]);
    }

    private static bool IsContent(string name) => name is not ("id" or "meta");

    private static JsonObject? Bare(string? meta)
    {
        var node = (meta is null ? null : JsonNode.Parse(meta)) as JsonObject;
        foreach (var stamp in (string[])["versionId", "lastUpdated", "_versionId", "_lastUpdated"])
        {
            node?.Remove(stamp);
        }

        return node is { Count: > 0 } ? node : null;
    }

    /// <summary>The root's properties as their bytes, in order.</summary>
    private static Dictionary<string, string> Properties(ReadOnlySpan<byte> json)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            properties[name] = System.Text.Encoding.UTF8.GetString(json[start..(int)reader.BytesConsumed]);
        }

        return properties;
    }
}
