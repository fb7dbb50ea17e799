using System.Text.Json.Nodes;

namespace AtcFhir.Tests.Fuzzing;

/// <summary>Changes to a JSON tree: elements that go, come, move, repeat, nest or change their name, and values at the edges of their formats.</summary>
internal sealed class TreeMutation(Random random, IReadOnlyList<JsonObject> donors)
{
    private static readonly string[] Names =
    [
        "id", "_id", "extension", "modifierExtension", "contained", "resourceType", "reference", "value", "valueQuantity", "valueString", "_valueString", "valueReference", "url", "system",
        "code", "coding", "status", "text", "div", "meta", "profile", "item", "entry", "fullUrl", "resource", "linkId", "answer", "start", "end", "element", "path", "sliceName", "slicing",
        "discriminator", "min", "max", "type", "binding", "valueSet", "constraint", "expression", "baseDefinition", "contentReference", "fixedCode", "patternCodeableConcept", "compose",
        "include", "filter", "concept", "expansion", "fhir_comments", "__proto__", "", "é", "value[x]",
    ];

    private static readonly string[] Texts =
    [
        "", " ", "\u0000", "\u202Eabc", "\uFEFF", "#", "#x", "#a", "Patient/1", "Patient/1/_history/2", "http://example.org/fhir/Patient/1", "urn:uuid:c757873d-ec9a-4326-a141-556f43239520", "urn:oid:1.2.3",
        "http://hl7.org/fhir/StructureDefinition/Patient", "http://hl7.org/fhir/StructureDefinition/vitalsigns", "http://hl7.org/fhir/StructureDefinition/vitalsigns|9", "|", "a|b|c", "2020-02-30", "0000", "9999-12-31T23:59:60Z",
        "2020-01-01T24:00:00+14:00", "T", "-1", "1e999", "final", "entered-in-error", "*", "(a+)+$", "((((a*)*)*)*)*b", "$this", "%resource.descendants().descendants()", "extension('x').value", "Observation.value[x]",
        "<div xmlns=\"http://www.w3.org/1999/xhtml\">&#x202e;<a href=\"javascript:1\">", "<!DOCTYPE x>", "\uD83D\uDE00", "&lt;&amp;", "://", "http://[", "%", "%zz", "\r\n\t", "en-", "image/", "10*3/uL", "[", "{x}", "mg/dL/",
        "http://unitsofmeasure.org", "http://loinc.org", "http://snomed.info/sct", "http://hl7.org/fhir/ValueSet/languages",
    ];

    private static readonly string[] Numbers =
        ["0", "-0", "1", "-1", "2147483647", "2147483648", "9223372036854775808", "1e400", "1E-400", "0.10", "1.00000000000000000000000000000000001", "123456789012345678901234567890", "0.0000000000000000001"];

    /// <summary>The nodes of the seeds, which stay as they are.</summary>
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<JsonObject, List<JsonNode>> KnownNodes = new(ReferenceEqualityComparer.Instance);

    public JsonObject Apply(JsonObject seed, int times)
    {
        var tree = seed.DeepClone().AsObject();
        for (; times > 0; times--)
        {
            Change(tree);
        }

        return tree;
    }

    private void Change(JsonObject root)
    {
        var nodes = All(root);
        var node = nodes[random.Next(nodes.Count)];
        switch (random.Next(12))
        {
            case 0:
                Remove(node);
                break;
            case 1:
                Repeat(node, random.Next(40) == 0 ? 400 : random.Next(1, 4));
                break;
            case 2:
                Put(node, Donated());
                break;
            case 3:
                Rename(node);
                break;
            case 4:
                Put(node, node is JsonArray { Count: > 0 } wrapper ? wrapper[0]?.DeepClone() : new JsonArray(node.DeepClone()));
                break;
            case 5:
                Nest(node, random.Next(30) == 0 ? 80 : 1);
                break;
            case 6 when node is JsonArray list:
                var items = list.Select(item => item?.DeepClone()).OrderBy(_ => random.Next()).ToList();
                list.Clear();
                items.ForEach(list.Add);
                break;
            case 7 when node is JsonObject owner:
                owner[Names[random.Next(Names.Length)]] = random.Next(2) == 0 ? Donated() : Value();
                break;
            default:
                Put(node is JsonValue ? node : nodes.Skip(random.Next(nodes.Count)).FirstOrDefault(other => other is JsonValue) ?? node, Value());
                break;
        }
    }

    private JsonNode? Donated()
    {
        var donor = donors[random.Next(donors.Count)];
        var nodes = KnownNodes.GetOrAdd(donor, All);
        return nodes[random.Next(nodes.Count)].DeepClone();
    }

    private JsonNode? Value() => random.Next(12) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => new JsonObject(),
        3 => new JsonArray(),
        4 or 5 => JsonNode.Parse(Numbers[random.Next(Numbers.Length)]),
        6 when random.Next(20) == 0 => new string('a', 50_000),
        _ => Texts[random.Next(Texts.Length)],
    };

    private static void Remove(JsonNode node)
    {
        switch (node.Parent)
        {
            case JsonObject owner:
                owner.Remove(node.GetPropertyName());
                break;
            case JsonArray list:
                list.Remove(node);
                break;
        }
    }

    private static void Repeat(JsonNode node, int times)
    {
        var list = node.Parent as JsonArray ?? node as JsonArray;
        var item = ReferenceEquals(list, node) ? list!.FirstOrDefault() : node;
        for (; list is not null && times > 0; times--)
        {
            list.Add(item?.DeepClone());
        }
    }

    private void Rename(JsonNode node)
    {
        if (node.Parent is JsonObject owner)
        {
            var name = node.GetPropertyName();
            owner.Remove(name);
            owner[random.Next(4) == 0 ? "_" + name : Names[random.Next(Names.Length)]] = node;
        }
    }

    private static void Nest(JsonNode node, int levels)
    {
        for (; levels > 0 && node is JsonObject owner; levels--)
        {
            var inner = new JsonObject();
            foreach (var (name, value) in owner.Take(3))
            {
                inner[name] = value is JsonValue ? value.DeepClone() : null;
            }

            owner[owner.ContainsKey("extension") || owner.Count == 0 ? "extension" : owner.Last().Key] = new JsonArray(inner);
            node = inner;
        }
    }

    private static void Put(JsonNode old, JsonNode? value)
    {
        switch (old.Parent)
        {
            case JsonObject owner:
                owner[old.GetPropertyName()] = value;
                break;
            case JsonArray list:
                list[list.IndexOf(old)] = value;
                break;
        }
    }

    private static List<JsonNode> All(JsonNode node)
    {
        var all = new List<JsonNode>();
        Collect(node, all);
        return all;
    }

    private static void Collect(JsonNode node, List<JsonNode> all)
    {
        all.Add(node);
        switch (node)
        {
            case JsonObject owner:
                foreach (var (_, value) in owner)
                {
                    if (value is not null)
                    {
                        Collect(value, all);
                    }
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    if (item is not null)
                    {
                        Collect(item, all);
                    }
                }

                break;
        }
    }
}
