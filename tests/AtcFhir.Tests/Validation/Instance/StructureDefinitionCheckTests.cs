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

    [Fact]
    public void AnUnknownTypeIsNamedOnceHoweverManyProfilesItHas()
        => Assert.Single(Errors(Extension(
            $$"""
            {"id":"Extension.url","path":"Extension.url","fixedUri":"{{Url}}"},
            {"id":"Extension.value[x]","path":"Extension.value[x]","type":[{"code":"Zork","profile":["http://hl7.org/fhir/StructureDefinition/Patient","http://hl7.org/fhir/StructureDefinition/Group"]}]}
            """)), error => error == "ATC-V130 StructureDefinition.differential.element[2].type[0]");

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
