using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using static AtcFhir.Tests.Validation.Profiles.ProfileFixture;

namespace AtcFhir.Tests.Validation.Instance;

/// <summary>What is said of a StructureDefinition as an instance, without the lint of profiles.</summary>
public class StructureDefinitionCheckTests
{
    private const string Url = "http://example.org/StructureDefinition/e";

    private static string Extension(string elements, string list = "differential") =>
        $$$"""
        {"resourceType":"StructureDefinition","url":"{{{Url}}}","name":"E","status":"active","kind":"complex-type","abstract":false,"type":"Extension","context":[{"type":"element","expression":"Element"}],
         "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension","derivation":"constraint","{{{list}}}":{"element":[{"id":"Extension","path":"Extension"},{{{elements}}}]}}
        """;

    private static IReadOnlyList<string> Errors(string json)
        => [.. new Validator(ConformanceSource.Official).Validate(Read(json)).Issues.Where(issue => issue.IsError).Select(issue => $"{issue.Rule} {issue.Expression}")];

    /// <summary>R4, Extension.url: "The definition SHALL be a URI for the Structure Definition defining the extension."</summary>
    [Fact]
    public void AnExtensionIsFixedToTheUrlOfItsDefinition()
    {
        Assert.Empty(Errors(Extension($$"""{"id":"Extension.url","path":"Extension.url","fixedUri":"{{Url}}"}""")));
        Assert.Equal(["ATC-V130 StructureDefinition.differential.element[1]"], Errors(Extension("""{"id":"Extension.url","path":"Extension.url","fixedUri":"http://example.org/other"}""")));
    }

    [Fact]
    public void TheUrlOfAnExtensionWithinAnotherIsItsOwn()
        => Assert.Empty(Errors(Extension(
            $$"""
            {"id":"Extension.extension:part","path":"Extension.extension","sliceName":"part"},{"id":"Extension.extension:part.url","path":"Extension.extension.url","fixedUri":"part"},
            {"id":"Extension.url","path":"Extension.url","fixedUri":"{{Url}}"}
            """)));

    /// <summary>R4, ElementDefinition.type: "The Type of the element can be left blank in a differential constraint, in which case the type is inherited from the resource."</summary>
    [Theory]
    [InlineData("snapshot", "", false)]
    [InlineData("snapshot", "\"type\":[{\"code\":\"uri\"}],", true)]
    [InlineData("snapshot", "\"contentReference\":\"#Extension.extension\",", true)]
    [InlineData("differential", "", true)]
    public void AnElementOfASnapshotHasAType(string list, string type, bool isRight)
        => Assert.Equal(isRight, !Errors(Extension($$$"""{"id":"Extension.url","path":"Extension.url",{{{type}}}"min":1,"max":"1","fixedUri":"{{{Url}}}"}""", list))
            .Contains($"ATC-V130 StructureDefinition.{list}.element[1]"));

    /// <summary>R4, ElementDefinition.type.code: "References are URLs that are relative to http://hl7.org/fhir/StructureDefinition", and "Absolute URLs are only allowed in logical models."</summary>
    [Theory]
    [InlineData("uri", true)]
    [InlineData("http://hl7.org/fhirpath/System.String", true)]
    [InlineData("urri", false)]
    [InlineData("http://hl7.org/fhir/StructureDefinition/uri", false)]
    [InlineData("http://example.org/Uri", false)]
    public void TheTypesOfASnapshotAreThoseOfFhir(string type, bool isRight)
    {
        var extension = Extension($$"""{"id":"Extension.url","path":"Extension.url","type":[{"code":"{{type}}"}],"min":1,"max":"1","fixedUri":"{{Url}}"}""", "snapshot");
        Assert.Equal(isRight, !Errors(extension).Contains("ATC-V130 StructureDefinition.snapshot.element[1].type[0].code"));
        Assert.DoesNotContain("ATC-V130 StructureDefinition.snapshot.element[1].type[0].code", Errors(extension.Replace("\"status\"", "\"fhirVersion\":\"5.0.0\",\"status\"", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("http://example.org/Y")]
    [InlineData("string")]
    public void ALogicalModelHasTypesOfItsOwn(string type)
        => Assert.Empty(Errors(
            $$$"""
            {"resourceType":"StructureDefinition","url":"http://example.org/X","name":"X","status":"active","kind":"logical","abstract":true,"type":"http://example.org/X",
             "snapshot":{"element":[{"id":"X","path":"X","definition":"x","min":0,"max":"*","base":{"path":"X","min":0,"max":"*"}},
             {"id":"X.a","path":"X.a","definition":"x","min":0,"max":"*","base":{"path":"X.a","min":0,"max":"*"},"type":[{"code":"{{{type}}}"}]}]}}
            """));

    [Fact]
    public void AnUnknownTypeIsNamedOnceHoweverManyProfilesItHas()
        => Assert.Single(Errors(Extension(
            $$"""
            {"id":"Extension.url","path":"Extension.url","fixedUri":"{{Url}}"},
            {"id":"Extension.value[x]","path":"Extension.value[x]","type":[{"code":"Zork","profile":["http://hl7.org/fhir/StructureDefinition/Patient","http://hl7.org/fhir/StructureDefinition/Group"]}]}
            """)), error => error == "ATC-V130 StructureDefinition.differential.element[2].type[0]");

    /// <summary>R4, ElementDefinition.minValue[x]: "Except for date/date/instant, the type of the minValue[x] SHALL be the same as the specified type of the element"; those may have a Duration.</summary>
    [Theory]
    [InlineData("integer", "minValueInteger", "5", true)]
    [InlineData("positiveInt", "maxValuePositiveInt", "5", true)]
    [InlineData("positiveInt", "maxValueInteger", "5", true)] // a positiveInt is an integer
    [InlineData("date", "maxValueDate", "\"2020-01-01\"", true)]
    [InlineData("date", "maxValueQuantity", """{"value":1,"system":"http://unitsofmeasure.org","code":"d"}""", true)]
    [InlineData("Age", "maxValueQuantity", """{"value":90,"system":"http://unitsofmeasure.org","code":"a"}""", true)]
    [InlineData("integer", "minValueDecimal", "5", false)]
    [InlineData("integer", "maxValueQuantity", """{"value":1,"system":"http://unitsofmeasure.org","code":"d"}""", false)]
    [InlineData("dateTime", "maxValueDate", "\"2020-01-01\"", false)]
    [InlineData("string", "minValueInteger", "5", false)]
    [InlineData("Range", "minValueQuantity", """{"value":1}""", false)]
    public void ALimitHasTheTypeOfItsElement(string type, string name, string value, bool isRight)
        => Assert.Equal(isRight ? [] : [$"ATC-V130 StructureDefinition.differential.element[2].{name[..8]}"], Errors(Extension(
            $$"""
            {"id":"Extension.url","path":"Extension.url","fixedUri":"{{Url}}"},{"id":"Extension.value[x]","path":"Extension.value[x]","type":[{"code":"{{type}}"}],"{{name}}":{{value}}}
            """)).Where(error => error.StartsWith("ATC-V130", StringComparison.Ordinal)));

    /// <summary>An element that states no type has those of the type that is constrained.</summary>
    [Theory]
    [InlineData("Patient.birthDate", "\"minValueDate\":\"1900-01-01\"", true)]
    [InlineData("Patient.birthDate", "\"minValueDateTime\":\"1900-01-01T00:00:00Z\"", false)]
    [InlineData("Patient.contact.telecom.rank", "\"maxValuePositiveInt\":2", true)]
    [InlineData("Patient.contact.telecom.rank", "\"maxValueDecimal\":2", false)]
    [InlineData("Patient.deceased[x]", "\"fixedBoolean\":true", true)]
    [InlineData("Patient.gender", "\"fixedString\":\"male\"", false)]
    [InlineData("Patient.extension.value[x]", "\"fixedString\":\"male\"", true)]
    public void TheTypeMayBeThatOfTheBase(string path, string value, bool isRight)
        => Assert.Equal(isRight, !Errors(
            $$$"""
            {"resourceType":"StructureDefinition","url":"http://example.org/p","name":"P","status":"active","kind":"resource","abstract":false,"type":"Patient",
             "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint","differential":{"element":[{"id":"Patient","path":"Patient"},{"id":"{{{path}}}","path":"{{{path}}}",{{{value}}}}]}}
            """).Any(error => error.StartsWith("ATC-V130 StructureDefinition.differential.element[1].", StringComparison.Ordinal)));

    [Theory]
    [InlineData("\"fixedCode\":\"x\"", true)]
    [InlineData("\"fixedString\":\"x\"", false)]
    [InlineData("\"patternCodeableConcept\":{\"text\":\"x\"}", false)]
    public void AFixedValueHasTheTypeOfItsElement(string value, bool isRight)
        => Assert.Equal(isRight, !Errors(Extension(
            $$"""
            {"id":"Extension.url","path":"Extension.url","fixedUri":"{{Url}}"},{"id":"Extension.value[x]","path":"Extension.value[x]","type":[{"code":"code"}],{{value}}}
            """)).Any(error => error.StartsWith("ATC-V130 StructureDefinition.differential.element[2].", StringComparison.Ordinal)));
}
