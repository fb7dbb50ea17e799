using System.Text;
using System.Text.Json.Nodes;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.Tests.Trial;
using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;

namespace AtcFhir.Tests.Validation.Definitions;

/// <summary>
/// Every invariant of the base definitions: an instance that keeps it is valid, one that breaks it alone is found, by its key and at the element on which it stands.
/// The table is invariants.tsv: key, resource type, element, and two changes (JSON merge patch) to the smallest instance of the type, the second of which breaks the rule.
/// </summary>
public sealed class EveryInvariantTests
{
    private static readonly Validator Official = new(ConformanceSource.Official);

    private static readonly ValidateRequest WithGoodPractice = new(BestPractice: BestPractice.Warning);

    /// <summary>Rules of ours that say what an invariant says, under their own id.</summary>
    private static readonly Dictionary<string, string> OwnRule = new(StringComparer.Ordinal) { ["ref-1"] = "ATC-V072", ["txt-1"] = "ATC-V100", ["txt-2"] = "ATC-V101" };

    /// <summary>Invariants without a row, and why.</summary>
    private static readonly Dictionary<string, string> WithoutRow = new(StringComparer.Ordinal)
    {
        ["cid-0"] = "ChargeItemDefinition has no name, of which the invariant speaks: it cannot be broken",
        ["eld-11"] = "asks whether select() gives anything, which it does for every type, whatever it says: it cannot be broken",
        ["tst-4"] = "asks for elements that are required (1..1): their cardinality is broken, not the invariant",
        ["mqty-1"] = "stands in the profile MoneyQuantity, which no element of R4 uses",
        ["sdf-11"] = "says of the snapshot what sdf-8 says, in other words: both are broken together",
        ["sdf-14"] = "that all elements have ids is a part of sdf-16 and sdf-17: they are broken together",
        ["dom-2"] = "tested on every resource type",
        ["dom-3"] = "tested on every resource type",
        ["dom-4"] = "tested on every resource type",
        ["dom-5"] = "tested on every resource type",
        ["dom-6"] = "good practice, tested on every resource type",
    };

    private static readonly IReadOnlyList<Row> Rows =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "tests", "AtcFhir.Tests", "Validation", "Definitions", "invariants.tsv")).Skip(1).Select(line => line.Split('\t'))
            .Select(cell => new Row(cell[0], cell[1], cell[2], cell[3], cell[4])),
    ];

    public static TheoryData<string, string> Invariants => [.. Rows.Select(row => (row.Key, row.Type))];

    public static TheoryData<string> ResourceTypes
        => [.. R4Definitions.Types.Where(type => type is { IsResource: true, IsAbstract: false } && type.Find("contained") is not null).Select(type => type.Name)];

    [Fact]
    public void TheTableHasEveryInvariantOfTheDefinitions()
    {
        var stated = R4Definitions.Types.SelectMany(type => type.Constraints.Concat(type.Elements.SelectMany(element => element.Constraints))).Select(constraint => constraint.Key).ToHashSet();
        Assert.Equal([], stated.Where(key => !WithoutRow.ContainsKey(key) && !Rows.Any(row => row.Key == key)).Order(StringComparer.Ordinal));
        Assert.Equal([], Rows.Select(row => row.Key).Where(key => !stated.Contains(key)).Except(["sqty-1"]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Invariants))]
    public void EachIsEnforced(string key, string type)
    {
        foreach (var row in Rows.Where(row => row.Key == key && row.Type == type))
        {
            var instance = MinimalInstance.Of(R4Definitions.Find(type)!);
            Additions.Patch(instance, JsonNode.Parse(row.Valid)!.AsObject());
            Assert.Equal([], Issues(instance).Where(issue => (issue.IsError && !IsBeside(key, issue)) || Says(issue, key)).Select(Shown));
            Additions.Patch(instance, JsonNode.Parse(row.Broken)!.AsObject());
            var found = Issues(instance);
            Assert.Contains(found, issue => Says(issue, key) && issue.Expression == row.At);
            Assert.Equal([], found.Where(issue => issue.IsError && !Says(issue, key) && !IsBeside(key, issue)).Select(Shown));
        }
    }

    /// <summary>By key: what else is found, necessarily.</summary>
    private static readonly Dictionary<string, string> Beside = new(StringComparer.Ordinal)
    {
        ["ele-1"] = "ATC-S016", // the parser says of what has no content that it is empty
        ["ppc-2"] = "ATC-V137",
        ["ppc-3"] = "ATC-V137",
        ["ppc-4"] = "ATC-V137",
        ["ppc-5"] = "ATC-V137", // they speak of the system 'something', which is no absolute URI
        ["sdf-8a"] = "ATC-V130", // the same is said with the element at fault
        ["sqty-1"] = "ATC-V011", // SimpleQuantity says the same by a cardinality
        ["tst-6"] = "tst-5",
        ["tst-11"] = "tst-10",
        ["tst-13"] = "tst-12", // the element takes its content from another, which has the same invariant
        ["tst-8"] = "tst-7",
        ["tst-9"] = "tst-7",
    };

    private static bool IsBeside(string key, Issue issue)
        => Beside.TryGetValue(key, out var other) && (issue.Rule == other || issue.Text.StartsWith(other + ":", StringComparison.Ordinal));

    private static string Shown(Issue issue) => $"{issue.Rule} {issue.Expression} {issue.Text}";

    [Theory]
    [MemberData(nameof(ResourceTypes))]
    public void EveryResourceTypeKeepsTheRulesOfContainedResourcesAndNarrative(string type)
    {
        Broken("dom-2", type, contained => contained["contained"] = new JsonArray(new JsonObject { ["resourceType"] = "Basic", ["id"] = "c", ["code"] = Text(), ["subject"] = Container() }), alsoAllowed: true);
        Broken("dom-3", type, contained => contained.Remove("subject"));
        Broken("dom-4", type, contained => contained["meta"] = new JsonObject { ["versionId"] = "1" });
        Broken("dom-5", type, contained => contained["meta"] = new JsonObject { ["security"] = new JsonArray(new JsonObject { ["system"] = "http://example.org/s", ["code"] = "x" }) });
        Assert.Contains(Official.Validate(Read(MinimalInstance.Of(R4Definitions.Find(type)!)), WithGoodPractice).Issues, issue => issue.Rule == Rules.BestPractice.Id && issue.Text.StartsWith("dom-6", StringComparison.Ordinal) && issue.Expression == type);
    }

    /// <summary>A contained resource that refers to its container, as it has to, changed in one way.</summary>
    private static void Broken(string key, string type, Action<JsonObject> change, bool alsoAllowed = false)
    {
        var instance = MinimalInstance.Of(R4Definitions.Find(type)!);
        var contained = new JsonObject { ["resourceType"] = "Basic", ["id"] = "b", ["code"] = Text(), ["subject"] = Container() };
        instance["contained"] = new JsonArray(contained);
        Assert.DoesNotContain(Issues(instance), issue => issue.IsError);
        change(contained);
        var found = Issues(instance);
        Assert.Contains(found, issue => Says(issue, key) && issue.IsError);
        Assert.True(alsoAllowed || found.Where(issue => issue.IsError).All(issue => Says(issue, key)), string.Join(" | ", found));
    }

    private static bool Says(Issue issue, string key)
        => OwnRule.TryGetValue(key, out var rule) ? issue.Rule == rule : issue.Rule == Rules.Invariant.Id && issue.Text.StartsWith(key + ":", StringComparison.Ordinal);

    private static JsonObject Text() => new() { ["text"] = "x" };

    private static JsonObject Container() => new() { ["reference"] = "#" };

    private static ResourceDocument Read(JsonObject resource) => ResourceDocument.Parse(Encoding.UTF8.GetBytes(resource.ToJsonString())).Value;

    private static IReadOnlyList<Issue> Issues(JsonObject resource) => Official.Validate(Read(resource)).Issues;

    private sealed record Row(string Key, string Type, string At, string Valid, string Broken);
}
