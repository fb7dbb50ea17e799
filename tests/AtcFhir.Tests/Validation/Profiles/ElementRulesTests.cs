using static AtcFhir.Tests.Validation.Profiles.ProfileFixture;

namespace AtcFhir.Tests.Validation.Profiles;

/// <summary>What a profile says of single elements.</summary>
public class ElementRulesTests
{
    [Theory]
    [InlineData("""{"id":"Observation.subject","path":"Observation.subject","min":1}""", "", "ATC-V010 Observation")]
    [InlineData("""{"id":"Observation.note","path":"Observation.note","max":"0"}""", "\"note\":[{\"text\":\"x\"}]", "ATC-V011 Observation")]
    [InlineData("""{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"string"}]}""", "\"valueBoolean\":true", "ATC-V012 Observation.value")]
    [InlineData("""{"id":"Observation.status","path":"Observation.status","fixedCode":"amended"}""", "", "ATC-V013 Observation.status")]
    [InlineData("""{"id":"Observation.code","path":"Observation.code","patternCodeableConcept":{"coding":[{"system":"http://loinc.org","code":"1-8"}]}}""", "", "ATC-V014 Observation.code")]
    [InlineData("""{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"integer"}],"minValueInteger":0}""", "\"valueInteger\":-1", "ATC-V015 Observation.value")]
    [InlineData("""{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"integer"}],"maxValueInteger":5}""", "\"valueInteger\":7", "ATC-V016 Observation.value")]
    [InlineData("""{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"string"}],"maxLength":3}""", "\"valueString\":\"abcd\"", "ATC-V017 Observation.value")]
    [InlineData("""{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"Quantity"}],"minValueQuantity":{"value":1,"system":"http://unitsofmeasure.org","code":"kg"}}""",
        "\"valueQuantity\":{\"value\":999,\"system\":\"http://unitsofmeasure.org\",\"code\":\"g\"}", "ATC-V015 Observation.value")]
    [InlineData("""{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"Quantity"}],"maxValueQuantity":{"value":1,"system":"http://unitsofmeasure.org","code":"kg"}}""",
        "\"valueQuantity\":{\"value\":1,\"system\":\"http://unitsofmeasure.org\",\"code\":\"cm\"}", "ATC-V016 Observation.value")]
    [InlineData("""{"id":"Observation","path":"Observation","constraint":[{"key":"x-1","severity":"error","human":"Two","expression":"note.count() = 2"}]}""", "", "ATC-V050 Observation")]
    [InlineData("""{"id":"Observation.subject","path":"Observation.subject","type":[{"code":"Reference","targetProfile":["http://hl7.org/fhir/StructureDefinition/Patient"]}]}""",
        "\"subject\":{\"reference\":\"Group/1\"}", "ATC-V071 Observation.subject")]
    public void ABrokenOneIsReportedAtItsElement(string element, string members, string expected)
        => Assert.Equal([expected], Errors(Observation(members), Profile("Observation", element)));

    [Theory]
    [InlineData("""{"id":"Observation.code.coding","path":"Observation.code.coding","min":1}""", "ATC-V010 Observation.code")]
    [InlineData("""{"id":"Observation.code.text","path":"Observation.code.text","fixedString":"y"}""", "ATC-V013 Observation.code.text")]
    public void ElementsOfDataTypesAreReached(string element, string expected) => Assert.Equal([expected], Errors(Observation(), Profile("Observation", element)));

    [Fact]
    public void ALimitSaysNothingOfAQuantityWithoutValue()
        => Assert.Empty(Errors(
            Observation("\"valueQuantity\":{\"system\":\"http://unitsofmeasure.org\",\"code\":\"cm\"}"),
            Profile("Observation", """{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"Quantity"}],"minValueQuantity":{"value":1,"system":"http://unitsofmeasure.org","code":"kg"}}""")));

    [Fact]
    public void WhatTheBaseDemandsOfAWrongTypeIsNotSaidToo()
        => Assert.Equal(
            ["ATC-V012 Observation.value"],
            Errors(Observation("\"valueString\":\"x\""), Profile("Observation",
                """{"id":"Observation.value[x]","path":"Observation.value[x]","type":[{"code":"Quantity"}]},{"id":"Observation.value[x].unit","path":"Observation.value[x].unit","min":1}""")));

    [Fact]
    public void AProfileOfAProfileDemandsBoth()
    {
        var parent = Profile("Observation", """{"id":"Observation.subject","path":"Observation.subject","min":1}""", "http://example.org/StructureDefinition/parent");
        var child = Profile("Observation", """{"id":"Observation.note","path":"Observation.note","min":1}""", baseUrl: "http://example.org/StructureDefinition/parent");
        Assert.Equal(["ATC-V010 Observation", "ATC-V010 Observation"], Errors(Observation(), parent, child));
    }

    [Fact]
    public void BasesThatGoInACircleEndInAnIssue()
    {
        var one = Profile("Observation", """{"id":"Observation.note","path":"Observation.note","min":1}""", baseUrl: "http://example.org/StructureDefinition/two");
        var two = Profile("Observation", """{"id":"Observation.note","path":"Observation.note","min":1}""", "http://example.org/StructureDefinition/two", Url);
        Assert.Contains("ATC-V004 Observation", Errors(Observation(), one, two));
    }

    [Fact]
    public void TheSameFindingOfTwoProfilesIsSaidOnce()
    {
        const string Element = """{"id":"Observation.subject","path":"Observation.subject","min":1}""";
        var other = Profile("Observation", Element, "http://example.org/StructureDefinition/other");
        var json = """{"resourceType":"Observation","meta":{"profile":["http://example.org/StructureDefinition/other"]},"status":"final","code":{"text":"x"}}""";
        Assert.Single(Errors(json, Profile("Observation", Element), other));
    }
}
