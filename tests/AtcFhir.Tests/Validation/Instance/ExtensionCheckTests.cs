using static AtcFhir.Tests.Validation.Profiles.ProfileFixture;

namespace AtcFhir.Tests.Validation.Instance;

/// <summary>Where extensions may stand, and what they may change.</summary>
public class ExtensionCheckTests
{
    private const string Ext = "http://example.org/StructureDefinition/e";

    private static AtcFhir.R4.Documents.ResourceDocument Definition(string context, string root = "", string more = "") => Read(
        $$$"""
        {"resourceType":"StructureDefinition","url":"{{{Ext}}}","name":"E","status":"active","kind":"complex-type","abstract":false,"type":"Extension","context":[{{{context}}}]{{{more}}},
         "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension","derivation":"constraint",
         "differential":{"element":[{"id":"Extension","path":"Extension"{{{root}}}},{"id":"Extension.url","path":"Extension.url","fixedUri":"{{{Ext}}}"},{"id":"Extension.value[x]","path":"Extension.value[x]","type":[{"code":"boolean"}]}]}}
        """);

    private static readonly AtcFhir.R4.Documents.ResourceDocument Nothing = Profile("Patient", """{"id":"Patient.active","path":"Patient.active"}""");

    private static string OnPatient(string where = "extension") => $$$"""{"resourceType":"Patient","{{{where}}}":[{"url":"{{{Ext}}}","valueBoolean":true}],"active":true}""";

    private static string OnName => $$$"""{"resourceType":"Patient","name":[{"extension":[{"url":"{{{Ext}}}","valueBoolean":true}],"text":"x"}]}""";

    [Theory]
    [InlineData("""{"type":"element","expression":"Patient"}""", true, false)]
    [InlineData("""{"type":"element","expression":"Patient.name"}""", false, true)]
    [InlineData("""{"type":"element","expression":"HumanName"}""", false, true)]
    [InlineData("""{"type":"element","expression":"Element"}""", true, true)]
    [InlineData("""{"type":"element","expression":"Resource"}""", true, false)]
    [InlineData("""{"type":"fhirpath","expression":"Patient.name.where(text = 'x')"}""", false, true)]
    [InlineData("""{"type":"extension","expression":"http://example.org/StructureDefinition/outer"}""", false, false)]
    public void TheContextDecides(string context, bool onPatient, bool onName)
    {
        Assert.Equal(onPatient, Errors(OnPatient(), Definition(context), Nothing).Count == 0);
        Assert.Equal(onName, Errors(OnName, Definition(context), Nothing).Count == 0);
    }

    /// <summary>R4, Extension.url: "The definition SHALL be a URI for the Structure Definition defining the extension."</summary>
    [Theory]
    [InlineData("http://hl7.org/fhir/StructureDefinition/Patient")]
    [InlineData("http://hl7.org/fhir/StructureDefinition/vitalsigns")]
    public void TheDefinitionOfSomethingElseIsNoExtension(string url)
        => Assert.Equal(["ATC-V065 Patient.extension[0]"], Errors($$$"""{"resourceType":"Patient","extension":[{"url":"{{{url}}}","valueBoolean":true}]}""", Nothing));

    [Fact]
    public void AContextInvariantDecidesToo()
    {
        var definition = Definition("""{"type":"element","expression":"Patient"}""", more: ",\"contextInvariant\":[\"active\"]");
        Assert.Empty(Errors(OnPatient(), definition, Nothing));
        Assert.Equal(["ATC-V062 Patient"], Errors(OnPatient().Replace("true}", "false}", StringComparison.Ordinal).Replace("\"valueBoolean\":false", "\"valueBoolean\":true", StringComparison.Ordinal), definition, Nothing));
    }

    [Fact]
    public void ModifiersStandInModifierExtension()
    {
        var modifier = Definition("""{"type":"element","expression":"Patient"}""", ",\"isModifier\":true,\"isModifierReason\":\"x\"");
        Assert.Empty(Errors(OnPatient("modifierExtension"), modifier, Nothing));
        Assert.Equal(["ATC-V063 Patient.extension[0]"], Errors(OnPatient(), modifier, Nothing));
        Assert.Equal(["ATC-V064 Patient.modifierExtension[0]"], Errors(OnPatient("modifierExtension"), Definition("""{"type":"element","expression":"Patient"}"""), Nothing));
    }

    [Fact]
    public void TheContentFollowsTheDefinition()
        => Assert.Equal(["ATC-V012 Patient.extension[0].value"], Errors(OnPatient().Replace("\"valueBoolean\":true", "\"valueString\":\"x\"", StringComparison.Ordinal), Definition("""{"type":"element","expression":"Patient"}"""), Nothing));

    /// <summary>eld-11: a binding stands on coded elements, strings and URIs.</summary>
    [Fact]
    public void TheBindingOfAChoiceIsAboutItsCodesOnly()
    {
        var definition = Read(
            $$$"""
            {"resourceType":"StructureDefinition","url":"{{{Ext}}}","name":"E","status":"active","kind":"complex-type","abstract":false,"type":"Extension","context":[{"type":"element","expression":"Patient"}],
             "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension","derivation":"constraint",
             "differential":{"element":[{"id":"Extension","path":"Extension"},{"id":"Extension.url","path":"Extension.url","fixedUri":"{{{Ext}}}"},
              {"id":"Extension.value[x]","path":"Extension.value[x]","type":[{"code":"boolean"},{"code":"Coding"}],"binding":{"strength":"required","valueSet":"http://hl7.org/fhir/ValueSet/administrative-gender"}}]} }
            """);
        var validator = new AtcFhir.Validation.Validator(AtcFhir.Validation.Conformance.ConformanceSource.Official.With(definition));
        Assert.Empty(validator.Validate(Read(OnPatient())).Issues);
        Assert.Contains(
            validator.Validate(Read(OnPatient().Replace("\"valueBoolean\":true", "\"valueCoding\":{\"system\":\"http://example.org/s\",\"code\":\"x\"}", StringComparison.Ordinal))).Issues,
            issue => issue.Rule == "ATC-V040");
    }
}
