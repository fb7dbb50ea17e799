using AtcFhir.R4.Outcomes;
using AtcFhir.Validation.Terminology;
using AtcFhir.Validation.Terminology.Operations;
using static AtcFhir.Tests.Validation.Terminology.Operations.Terms;

namespace AtcFhir.Tests.Validation.Terminology.Operations;

public class LookupTests
{
    private static Result<LookupAnswer> Look(ConceptCoding coding, string? language = null, params string[] properties) => Knowing().LookUp(new LookupRequest(coding, properties, language));

    [Fact]
    public void TellsEverythingUnlessSomethingIsAskedFor()
    {
        var dog = Look(Coding("dog")).Value;

        Assert.Equal(("Animals", "1.2", "Dog"), (dog.Name, dog.Version, dog.Display));
        Assert.Equal(["Hond", "Hound"], dog.Designations.Select(word => word.Value));
        Assert.Equal(
            ["definition=A friend.", "parent=animal", "child=poodle", "legs=4", "kin=wolf"],
            dog.Properties.Select(property => $"{property.Code}={property.Value}"));
        Assert.Equal(("integer", "Coding"), (dog.Properties[3].Type, dog.Properties[4].Type));
    }

    [Fact]
    public void TellsOnlyWhatIsAskedFor()
    {
        var dog = Look(Coding("dog"), "nl", "legs", "lang.nl").Value;

        Assert.Equal("Hond", dog.Display);
        Assert.Equal(["legs"], dog.Properties.Select(property => property.Code));
        Assert.Equal(["Hond"], dog.Designations.Select(word => word.Value));
    }

    [Fact]
    public void KnowsTheOfficialSystemsAndThoseByRule()
    {
        Assert.Equal("Male", Look(new ConceptCoding("http://hl7.org/fhir/administrative-gender", null, "male")).Value.Display);
        Assert.Equal("mg/L", Look(new ConceptCoding("http://unitsofmeasure.org", null, "mg/L")).Value.Display);
    }

    [Fact]
    public void TellsDefinitionsAndDesignationsOfTheOfficialSystems()
    {
        var final = Look(new ConceptCoding("http://hl7.org/fhir/observation-status", null, "final")).Value;
        Assert.Equal("ObservationStatus", final.Name);
        Assert.Equal("The observation is complete and there are no further actions needed. Additional information such \"released\", \"signed\", etc would be represented using [Provenance](provenance.html) which provides not only the act but also the actors and dates and other related data. These act states would be associated with an observation status of `preliminary` until they are all completed and then a status of `final` would be applied.", Assert.Single(final.Properties, property => property.Code == "definition").Value);

        var male = Look(new ConceptCoding("http://terminology.hl7.org/CodeSystem/v2-0001", null, "M")).Value;
        Assert.Contains(male.Designations, word => word is { Language: "nl", Value: "Man" });
    }

    [Theory]
    [InlineData(Animals, null, "cat")]
    [InlineData(Animals, "9", "dog")]
    [InlineData("http://loinc.org", null, "1-8")]
    [InlineData("http://unitsofmeasure.org", null, "pounds")]
    public void WhatIsNotKnownIsNotFound(string system, string? version, string code) => Assert.Equal(FailureKind.NotFound, Look(new ConceptCoding(system, version, code)).Failure!.Kind);
}
