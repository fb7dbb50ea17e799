using System.Text;
using AtcFhir.R4.Documents;
using AtcFhir.Trial.Concepts;
using AtcFhir.Trial.Study;

namespace AtcFhir.Tests.Trial.Concepts;

public class ConceptCatalogTests
{
    public static TheoryData<string> ConceptIds => [.. ConceptCatalog.All.Select(concept => concept.Id)];

    [Fact]
    public void EveryProfileHasAConceptAndTheReverse()
    {
        var profiles = StudyPackage.Embedded.Conformance
            .Where(resource => resource.ResourceType == "StructureDefinition")
            .Select(resource => ResourceDocument.Parse(resource.Json).Value.Root)
            .Where(root => root.Child("type").Text != "Extension" && root.Child("derivation").Text == "constraint")
            .Select(root => (Url: root.Child("url").Text, Type: root.Child("type").Text, Name: root.Child("name").Text))
            .Where(profile => profile.Type != "Questionnaire")
            .Order();

        Assert.Equal(profiles, ConceptCatalog.All.Select(concept => ((string?)concept.Profile, (string?)concept.ResourceType, (string?)concept.Name)).Order());
    }

    [Theory]
    [MemberData(nameof(ConceptIds))]
    public void TheIdIsTheNameInKebabCase(string id)
    {
        var name = ConceptCatalog.Find(id)!.Name;

        Assert.Equal(id, string.Concat(name.Select((letter, at) => char.IsUpper(letter) && at > 0 ? "-" + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString())));
    }

    [Fact]
    public void NoCodeBelongsToTwoConcepts()
    {
        var codes = ConceptCatalog.All.SelectMany(concept => concept.Codes.Concat(concept.AlsoFromHospital).Select(code => (concept.ResourceType, code.ToString()))).ToList();

        Assert.Equal(codes.Distinct().Count(), codes.Count);
    }

    public static TheoryData<string> Examples => [.. ProfileExamples.Files.Select(Path.GetFileName).OfType<string>()];

    [Theory]
    [MemberData(nameof(Examples))]
    public void AProfileExampleIsReadAsARecordAndWrittenAgain(string file)
    {
        var example = ProfileExamples.Read(file);
        var concept = ConceptCatalog.ConceptOf(example);
        Assert.NotNull(concept);

        var written = concept.RoundTrip(example);

        Assert.True(written.Succeeded, written.Failure is { } failure ? failure.Issues[0].Text : null);
        var again = ResourceDocument.Parse(written.Value).Value;
        Assert.Empty(again.Issues);
        Assert.Equal(Encoding.UTF8.GetString(written.Value), Encoding.UTF8.GetString(concept.RoundTrip(again).Value));
        Assert.NotNull(ConceptCatalog.Extract(example));
    }
}
