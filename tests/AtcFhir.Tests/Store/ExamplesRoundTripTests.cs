using System.Text.Json;
using System.Text.Json.Nodes;
using AtcFhir.R4.Documents;
using AtcFhir.Store;

namespace AtcFhir.Tests.Store;

/// <summary>Every official example goes in and comes out the same, apart from id and the stamp in meta.</summary>
public class ExamplesRoundTripTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryOfficialExampleReadsBackByteForByteAndLeavesNoRowWhenItIsDeleted()
    {
        await using var test = new TestStore();
        var written = await StoreAll(test);
        var different = new List<string>();
        foreach (var (example, resource) in R4Examples.All.Zip(written))
        {
            var read = (await test.Store.Read(example.ResourceType, resource.Id, Cancel))!;
            if (!Same(example.Utf8, read.Body.Span) || (await test.Ids(resource.Type, $"_id={resource.Id}")) is not [var found] || found != resource.Id)
            {
                different.Add(example.Name);
            }
        }

        Assert.Empty(different);
        foreach (var chunk in written.Chunk(100))
        {
            Assert.Null((await test.Commit([.. chunk.Select(resource => ResourceWrite.Delete(resource.Type, resource.Id))])).Failure);
        }

        foreach (var table in (string[])["sp_token", "sp_ref", "sp_date", "sp_str", "sp_qty", "sp_num", "sp_uri", "cmp"])
        {
            var rows = await test.Store.Query(AtcFhir.Store.Side.SideQuery.Of($"SELECT count(*) FROM {table}"), Cancel);
            Assert.Equal((table, 0), (table, rows[0].Long(0)));
        }
    }

    /// <summary>Creates all examples, a hundred a batch.</summary>
    internal static async Task<List<StoredResource>> StoreAll(TestStore test)
    {
        var written = new List<StoredResource>();
        foreach (var chunk in R4Examples.All.Chunk(100))
        {
            var result = await test.Commit([.. chunk.Select(example => ResourceWrite.Create(test.Store.Prepare(ResourceDocument.Parse(example.Utf8).Value)))]);
            Assert.Null(result.Failure);
            written.AddRange(result.Writes.Select(write => write.Resource!));
        }

        return written;
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
