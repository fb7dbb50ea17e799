using System.Text.Json.Nodes;
using static AtcFhir.Tests.Profiles.ProfilePackage;

namespace AtcFhir.Tests.Profiles;

/// <summary>That the counter-examples are complete; that each fails by its rule is tested beside the validator.</summary>
public class CounterExampleTests
{
    [Fact]
    public void TheIndexListsEveryFile()
        => Assert.Equal(
            Directory.EnumerateFiles(CounterExamples, "*.json").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal),
            CounterExampleIndex.Select(row => row.File).Order(StringComparer.Ordinal));

    [Fact]
    public void EachClaimsTheProfileOfItsName()
        => Assert.All(CounterExampleIndex, row => Assert.Equal(
            $"{BaseUrl}/StructureDefinition/{row.ProfileId}",
            (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(CounterExamples, row.File)))!["meta"]!["profile"]!.AsArray().Single()));

    [Fact]
    public void EveryInvariantOfOursIsBroken()
    {
        var broken = CounterExampleIndex.Where(row => row.Kind.StartsWith("invariant", StringComparison.Ordinal)).Select(row => $"{row.ProfileId} {row.Rule}").ToHashSet();
        var ours = OfType("StructureDefinition").SelectMany(profile => Elements(profile, "differential")
            .SelectMany(element => element["constraint"]?.AsArray() ?? [])
            .Select(constraint => $"{Text(profile, "id")} {Text(constraint, "key")}"));
        Assert.All(ours, invariant => Assert.Contains(invariant, broken));
    }

    [Fact]
    public void EveryValueSetThatIsBoundIsBroken()
    {
        var broken = CounterExampleIndex.Where(row => row.Kind.StartsWith("binding", StringComparison.Ordinal)).Select(row => $"{row.ProfileId} {row.Rule}").ToHashSet();
        var ours = OfType("StructureDefinition").SelectMany(profile => Elements(profile, "differential")
            .Where(element => Text(element["binding"], "strength") is "required" or "extensible")
            .Select(element => $"{Text(profile, "id")} {Text(element["binding"], "valueSet").Split('/')[^1]}"));
        Assert.All(ours, binding => Assert.Contains(binding, broken));
    }
}
