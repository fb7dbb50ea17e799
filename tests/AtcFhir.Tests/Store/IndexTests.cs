using AtcFhir.R4.Documents;
using AtcFhir.Store;
using AtcFhir.Store.Side;
using AtcFhir.Store.Writing;
using CsCheck;

namespace AtcFhir.Tests.Store;

/// <summary>An update touches only the rows that differ; after any updates the index is as if the last content had been stored at once.</summary>
public class IndexTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AfterAnyUpdatesTheIndexIsThatOfTheLastContent()
    {
        var byType = R4Examples.All.GroupBy(example => example.ResourceType).Where(group => group.Count() > 3).Select(group => group.Take(12).ToArray()).ToArray();
        await using var updated = new TestStore();
        await using var fresh = new TestStore();

        await Gen.Select(Gen.Int[0, byType.Length - 1], Gen.Int[0, 11].Array[2, 5]).SampleAsync(
            async (type, order) =>
            {
                var examples = byType[type];
                var id = updated.Store.NewId();
                foreach (var number in order)
                {
                    await updated.Write(ResourceWrite.Update(updated.Store.Prepare(Parse(examples[number % examples.Length]), id)));
                }

                await fresh.Write(ResourceWrite.Update(fresh.Store.Prepare(Parse(examples[order[^1] % examples.Length]), id)));
                Assert.Equal(await Rows(fresh, id), await Rows(updated, id));
            },
            iter: 60,
            threads: 1);
    }

    [Fact]
    public void NumbersOfAllSizesComeBackFromTheirBytes()
        => Gen.Long.Array[0, 20].Sample(numbers =>
        {
            var buffer = new System.Buffers.ArrayBufferWriter<byte>();
            foreach (var number in numbers)
            {
                Varint.Write(buffer, number);
            }

            var bytes = buffer.WrittenSpan;
            var read = new List<long>();
            while (!bytes.IsEmpty)
            {
                read.Add(Varint.Read(ref bytes));
            }

            Assert.Equal(numbers, read);
        });

    [Fact]
    public async Task CodesThatDifferInTheirTextOnlyAreOneRowWithBothTexts()
    {
        await using var test = new TestStore();
        await test.Create("""{"resourceType":"Observation","status":"final","code":{"coding":[{"code":"a","display":"One"},{"code":"A","display":"Two"},{"code":"a","display":"Three"}]}}""", "o1");
        await test.Update("""{"resourceType":"Observation","status":"final","code":{"coding":[{"code":"a","display":"Four"}],"text":"Five"}}""", "o1");

        Assert.Equal(["o1"], await test.Ids("Observation", "code:text=four"));
        Assert.Equal(["o1"], await test.Ids("Observation", "code:text=five"));
        Assert.Empty(await test.Ids("Observation", "code:text=two"));
        await test.Update("""{"resourceType":"Observation","status":"final","code":{"coding":[{"code":"a","display":"One"},{"code":"A","display":"Two"}]}}""", "o1");
        Assert.Equal(["o1"], await test.Ids("Observation", "code:text=two&code=A"));
    }

    private static object? Text(object? value) => value is byte[] bytes ? Convert.ToHexString(bytes) : value;

    private static ResourceDocument Parse(R4Example example) => ResourceDocument.Parse(example.Utf8).Value;

    /// <summary>All index rows of a resource by the names that stand behind the numbers, which each database gives out itself.</summary>
    private static async Task<List<string>> Rows(TestStore test, string id)
    {
        const string path = "(SELECT key FROM param WHERE p = x.p)";
        const string system = "(SELECT uri FROM sys WHERE s = x.s)";
        (string Table, string Columns)[] tables =
        [
            ("sp_token", $"{path}, code, {system}, g, txt"),
            ("sp_ref", $"{path}, (SELECT name FROM rtype WHERE t = x.tt), tid, g, v"),
            ("sp_date", $"{path}, lo, hi, g"),
            ("sp_str", $"{path}, norm, val, g"),
            ("sp_qty", $"{path}, (SELECT sys || '|' || code || '|' || name FROM unit WHERE u = x.u), v, g"),
            ("sp_num", $"{path}, v, g"),
            ("sp_uri", $"{path}, uri"),
            ("cmp", $"pat, {path}, code, {system}"),
        ];
        var rows = new List<string>();
        foreach (var (table, columns) in tables)
        {
            var found = await test.Store.Query(SideQuery.Of($"SELECT {columns} FROM {table} x WHERE rid = (SELECT rid FROM res WHERE id = $1)", id), Cancel);
            rows.AddRange(found.Select(row => $"{table}: {string.Join(" / ", Enumerable.Range(0, row.Count).Select(column => Text(row[column])))}"));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
