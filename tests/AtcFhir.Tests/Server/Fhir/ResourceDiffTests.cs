using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.R4.Canonical;
using AtcFhir.R4.Documents;
using AtcFhir.Server.Fhir;

namespace AtcFhir.Tests.Server.Fhir;

public class ResourceDiffTests
{
    /// <summary>The law: the diff, applied to the first, gives the second. Each official example against the one of its type before it.</summary>
    [Fact]
    public void TheDiffAppliedToTheFirstGivesTheSecond()
    {
        var (wrong, pairs) = (new List<string>(), Pairs().ToList());
        pairs.ForEach(pair => Check(pair.Before, pair.After, pair.Name, wrong));

        Assert.True(pairs.Count > 1000, $"{pairs.Count} pairs");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {pairs.Count}:\n{string.Join('\n', wrong.Take(20))}");
    }

    [Fact]
    public void TheJsonPatchAppliedToTheFirstGivesTheSecond()
    {
        var (wrong, pairs) = (new List<string>(), Pairs().ToList());
        foreach (var (before, after, name) in pairs)
        {
            if (!JsonPatch.Parse(JsonDiff.Of(before, after)).TryGet(out var operations, out var failure) || !JsonPatch.Apply(before, operations).TryGet(out var patched, out failure))
            {
                wrong.Add($"{name}: {failure.Issues[0].Text}");
            }
            else if (!Content(patched).SequenceEqual(Content(after)))
            {
                wrong.Add($"{name}: another content");
            }
        }

        Assert.True(pairs.Count > 1000, $"{pairs.Count} pairs");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {pairs.Count}:\n{string.Join('\n', wrong.Take(20))}");
    }

    [Theory]
    [InlineData("""{"active":true}""", """{"active":true}""", "")]
    [InlineData("{}", """{"active":true}""", "add /active")]
    [InlineData("""{"active":true}""", "{}", "remove /active")]
    [InlineData("""{"name":[{"given":["a","b","c"]}]}""", """{"name":[{"given":["a","c"]}]}""", "remove /name/0/given/1")]
    [InlineData("""{"name":[{"given":["a","c"]}]}""", """{"name":[{"given":["a","b","c"]}]}""", "add /name/0/given/1")]
    [InlineData("""{"name":[{"given":["a"],"_given":[null]}]}""", """{"name":[{"given":["a"],"_given":[{"id":"x"}]}]}""", "replace /name/0/_given/0")]
    [InlineData("""{"deceasedBoolean":true}""", """{"deceasedDateTime":"2019"}""", "add /deceasedDateTime; remove /deceasedBoolean")]
    [InlineData("""{"multipleBirthInteger":1}""", """{"multipleBirthInteger":2}""", "replace /multipleBirthInteger")]
    public void AJsonPatchSaysTheLeast(string before, string after, string expected)
        => Assert.Equal(expected, string.Join("; ", JsonNode.Parse(JsonDiff.Of(Patient(before), Patient(after)).Span)!.AsArray().Select(operation => $"{operation!["op"]} {operation["path"]}")));

    [Theory]
    [InlineData("""{"active":true}""", """{"active":true}""", "")]
    [InlineData("{}", """{"active":true}""", "add Patient active")]
    [InlineData("""{"active":true}""", "{}", "delete Patient.active")]
    [InlineData("""{"name":[{"given":["a","b","c"]}]}""", """{"name":[{"given":["a","c"]}]}""", "delete Patient.name[0].given[1]")]
    [InlineData("""{"name":[{"given":["a","c"]}]}""", """{"name":[{"given":["a","b","c"]}]}""", "insert Patient.name[0].given")]
    [InlineData("""{"deceasedBoolean":true}""", """{"deceasedDateTime":"2019"}""", "replace Patient.deceased")]
    [InlineData("""{"multipleBirthInteger":1}""", """{"multipleBirthInteger":2}""", "replace Patient.multipleBirth")]
    [InlineData("""{"birthDate":"2019"}""", """{"birthDate":"2019","_birthDate":{"id":"x"}}""", "replace Patient.birthDate")]
    public void SaysTheLeast(string before, string after, string expected)
    {
        var operations = JsonNode.Parse(ResourceDiff.Of(Patient(before), Patient(after)).Span)!["parameter"]?.AsArray() ?? [];

        Assert.Equal(expected, string.Join("; ", operations.Select(operation => string.Join(' ', operation!["part"]!.AsArray()
            .Where(part => (string?)part!["name"] is "type" or "path" or "name").Select(part => (string?)part!["valueCode"] ?? (string?)part["valueString"])))));
    }

    /// <summary>Each official example and the one of its type before it, in both directions.</summary>
    private static IEnumerable<(byte[] Before, byte[] After, string Name)> Pairs()
    {
        var previous = new Dictionary<string, byte[]>();
        foreach (var example in R4Examples.All)
        {
            if (!ResourceDocument.Parse(example.Utf8).TryGet(out var document, out _) || document.Issues.Any(issue => issue.IsError) || example.Utf8.Length > 60_000)
            {
                continue;
            }

            if (previous.TryGetValue(document.ResourceType, out var before))
            {
                yield return (before, example.Utf8, $"{document.ResourceType}/{document.Id}");
                yield return (example.Utf8, before, $"{document.ResourceType}/{document.Id} back");
            }

            previous[document.ResourceType] = example.Utf8;
        }
    }

    private static byte[] Patient(string content) => Encoding.UTF8.GetBytes("""{"resourceType":"Patient" """ + (content == "{}" ? "" : ",") + content[1..]);

    private static void Check(byte[] before, byte[] after, string name, List<string> wrong)
    {
        var diff = ResourceDocument.Parse(ResourceDiff.Of(before, after)).Value;
        if (diff.Issues.FirstOrDefault(issue => issue.IsError) is { } invalid)
        {
            wrong.Add($"{name}: the diff is invalid: {invalid.Expression} {invalid.Text}");
            return;
        }

        var patched = FhirPathPatch.Apply(before, diff);
        if (patched.Failure is { } failure)
        {
            wrong.Add($"{name}: {failure.Issues[0].Expression} {failure.Issues[0].Text}");
        }
        else if (!Content(patched.Value).SequenceEqual(Content(after)))
        {
            wrong.Add($"{name}: another content: {Encoding.UTF8.GetString(Content(patched.Value)).Length} bytes, not {Content(after).Length}");
        }
    }

    private static byte[] Content(ReadOnlyMemory<byte> resource)
    {
        var root = JsonNode.Parse(resource.Span)!.AsObject();
        root.Remove("id");
        return CanonicalForm.WithoutStamp(Encoding.UTF8.GetBytes(root.ToJsonString()));
    }
}
