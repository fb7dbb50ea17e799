using System.Text.Json.Nodes;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using static AtcFhir.Tests.Profiles.ProfilePackage;

namespace AtcFhir.Tests.Profiles;

public class PackageTests
{
    public static TheoryData<string> Files => [.. Resources.Select(resource => resource.File)];

    [Fact]
    public void EveryProfileHasItsFshFileAndTheReverse()
        => Assert.Equal(FshNames("input/fsh").Where(name => char.IsUpper(name[0])), ProfileDefinitions.Select(profile => Text(profile, "name")).Order(StringComparer.Ordinal));

    [Fact]
    public void EveryExtensionHasItsFshFileAndTheReverse()
        => Assert.Equal(FshNames("input/fsh/extensions"), ExtensionDefinitions.Select(extension => Text(extension, "name")).Order(StringComparer.Ordinal));

    [Fact]
    public void TheIdOfAProfileIsItsNameInKebabCaseAndItsUrlFollowsFromIt()
    {
        foreach (var profile in ProfileDefinitions)
        {
            var name = Text(profile, "name");
            var kebab = string.Concat(name.Select((letter, at) => (char.IsUpper(letter) && at > 0 ? "-" : "") + char.ToLowerInvariant(letter)));
            Assert.Equal(kebab, Text(profile, "id"));
            Assert.Equal($"{BaseUrl}/StructureDefinition/{kebab}", Text(profile, "url"));
        }
    }

    [Fact]
    public void ADefinitionOfOthersSaysThatItIsACopy()
    {
        foreach (var extension in ExtensionDefinitions)
        {
            var ours = Text(extension, "url").StartsWith(BaseUrl + "/", StringComparison.Ordinal);
            Assert.NotEqual(ours, Text(extension, "publisher").StartsWith("Copy for offline checks", StringComparison.Ordinal));
            Assert.EndsWith("/" + Text(extension, "id"), Text(extension, "url"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void EveryDefinitionOfOursHasTheVersionOfThePackage()
    {
        var version = Text(JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "package.json"))), "version");
        foreach (var (file, json) in Resources.Where(resource => Text(resource.Json, "url").StartsWith(BaseUrl + "/", StringComparison.Ordinal)))
            Assert.True(Text(json, "version") == version, file);
    }

    [Fact]
    public void EveryStructureHasASnapshotThatHoldsItsDifferential()
    {
        foreach (var definition in ProfileDefinitions.Concat(ExtensionDefinitions))
        {
            var snapshot = Elements(definition, "snapshot").Select(element => Text(element, "id")).ToHashSet();
            Assert.All(Elements(definition, "differential"), element => Assert.Contains(Text(element, "id"), snapshot));
        }
    }

    // A rule on valueQuantity makes some snapshot generators leave value[x] open to every type.
    [Fact]
    public void ChoicesAreNarrowedUnderTheirOwnName()
    {
        foreach (var profile in ProfileDefinitions)
        {
            var choices = Elements(profile, "snapshot").Select(element => Text(element, "path")).Where(path => path.EndsWith("[x]", StringComparison.Ordinal)).Select(path => path[..^3]).ToList();
            Assert.All(Elements(profile, "differential"), element => Assert.DoesNotContain(choices, choice
                => Text(element, "path").StartsWith(choice, StringComparison.Ordinal) && Text(element, "path").Length > choice.Length && char.IsUpper(Text(element, "path")[choice.Length])));
        }
    }

    [Fact]
    public void EveryProfileHasAnExample()
        => Assert.All(ProfileDefinitions, profile => Assert.Contains(Resources, resource
            => resource.Json["meta"]?["profile"]?.AsArray().Any(claimed => (string?)claimed == Text(profile, "url")) == true));

    [Theory]
    [InlineData("")]
    [InlineData("example")]
    public void TheIndexListsEveryFile(string part)
    {
        var folder = Path.Combine(Folder, part);
        var listed = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, ".index.json")))!["files"]!.AsArray().Select(row => Text(row, "filename"));
        var present = Directory.EnumerateFiles(folder, "*.json").Select(path => Path.GetFileName(path)).Where(name => name is not ("package.json" or ".index.json"));
        Assert.Equal(present.Order(StringComparer.Ordinal), listed);
    }

    [Fact]
    public void TheImplementationGuideListsEveryOtherResource()
    {
        var guide = OfType("ImplementationGuide").Single();
        var listed = guide["definition"]!["resource"]!.AsArray().Select(row => Text(row!["reference"], "reference"));
        var present = Resources.Where(resource => resource.Json != guide).Select(resource => $"{Text(resource.Json, "resourceType")}/{Text(resource.Json, "id")}");
        Assert.Equal(present.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ThePackageIsNamedAsItsSourceSays()
    {
        var config = File.ReadAllLines(Path.Combine(Source, "sushi-config.yaml"));
        string Configured(string key) => config.Single(line => line.StartsWith(key + ": ", StringComparison.Ordinal))[(key.Length + 2)..];
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "package.json")))!;
        Assert.Equal((Configured("id"), Configured("version"), Configured("canonical")), (Text(manifest, "name"), Text(manifest, "version"), Text(manifest, "canonical")));
        Assert.Equal("4.0.1", (string?)manifest["fhirVersions"]![0]);
        Assert.Equal("4.0.1", Text(manifest["dependencies"], "hl7.fhir.r4.core"));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void FirelyReadsEveryResourceStrictly(string file)
    {
        var settings = new DeserializerSettings().UsingMode(DeserializationMode.Strict);
        Assert.NotNull(new FhirJsonDeserializer(settings).Deserialize<Resource>(File.ReadAllText(Path.Combine(Folder, file))));
    }

    private static IEnumerable<string> FshNames(string folder)
        => Directory.EnumerateFiles(Path.Combine(Source, folder), "*.fsh").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);
}
