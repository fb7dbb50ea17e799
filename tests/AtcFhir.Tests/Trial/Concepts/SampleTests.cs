using AtcFhir.R4.Documents;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Tests.Trial.Concepts;

public class SampleTests
{
    public static TheoryData<string> Names => [.. Sample.All.Select(sample => sample.Concept)];

    [Fact]
    public void EveryConceptHasASample()
        => Assert.Equal(ConceptCatalog.All.Select(concept => concept.Id).Order(), Sample.All.Select(sample => sample.Concept).Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void ARecordIsWrittenAsTheFileShows(string name) => Golden.Check($"Concepts/{name}.json", Find(name).Json);

    [Theory]
    [MemberData(nameof(Names))]
    public void ARecordThatIsWrittenAndReadIsTheSameRecord(string name)
    {
        var sample = Find(name);

        Assert.Equal(sample.Record, sample.Read(Parse(sample)));
    }

    /// <summary>Records are equal when their numbers are: 1.0 and 1.00. Texts are not.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void ARecordThatIsReadAndWrittenIsTheSameText(string name)
    {
        var sample = Find(name);

        Assert.Equal(System.Text.Encoding.UTF8.GetString(sample.Json), System.Text.Encoding.UTF8.GetString(sample.ReadAndWrite(Parse(sample))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WhatIsWrittenIsWellFormedAndOfItsConcept(string name)
    {
        var document = Parse(Find(name));

        Assert.Empty(document.Issues);
        Assert.Equal(name, ConceptCatalog.ConceptOf(document)?.Id);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WhatIsWrittenIsValidAgainstTheProfile(string name)
        => Assert.Empty(TrialValidation.Errors(Find(name).Json, ConceptCatalog.Find(name)!.Profile));

    [Theory]
    [MemberData(nameof(Names))]
    public void TheRecordRowIsAsTheFileShows(string name)
        => Golden.Check($"Concepts/{name}.record.json", System.Text.Encoding.UTF8.GetBytes(ConceptCatalog.Extract(Parse(Find(name)))!.ToJson()));

    private static Sample Find(string name) => Sample.All.Single(sample => sample.Concept == name);

    private static ResourceDocument Parse(Sample sample) => ResourceDocument.Parse(sample.Json).Value;
}
