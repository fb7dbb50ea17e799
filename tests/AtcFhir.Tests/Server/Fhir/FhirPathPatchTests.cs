using System.Text;
using System.Xml.Linq;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Xml;
using AtcFhir.Server.Fhir;

namespace AtcFhir.Tests.Server.Fhir;

/// <summary>The public FHIRPath Patch suite, and what it leaves out.</summary>
public class FhirPathPatchTests
{
    private static readonly XNamespace Fhir = "http://hl7.org/fhir";

    [Fact]
    public void EveryPublicCaseGivesItsOutput()
    {
        var cases = XDocument.Load(Path.Combine(Conformance.Folder, "patch", "fhir-patch-tests.xml")).Root!.Elements("case").ToList();
        Assert.True(cases.Count > 20);

        var wrong = new List<string>();
        foreach (var test in cases)
        {
            var patched = FhirPathPatch.Apply(Resource(test, "input").Utf8, Resource(test, "diff"));
            var expected = test.Element("error") is null ? Xml(Resource(test, "output").Utf8) : "an error";
            var actual = patched.Succeeded ? Xml(patched.Value) : "an error";
            if (actual != expected)
            {
                wrong.Add($"{(string?)test.Attribute("name")}: {actual}\n  instead of {expected}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void AChoiceChangesItsTypeWithItsValue()
    {
        const string observation = """{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.10}}""";

        Assert.Equal(
            """{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueString":"low"}""",
            Apply(observation, Operation("replace", "Observation.value", """{"name":"value","valueString":"low"}""")));
    }

    [Fact]
    public void TheExtensionsOfAListStayWithTheirItems()
    {
        const string patient = """{"resourceType":"Patient","name":[{"given":["a","b"],"_given":[null,{"id":"x"}]}]}""";

        Assert.Equal("""{"resourceType":"Patient","name":[{"given":["b"],"_given":[{"id":"x"}]}]}""", Apply(patient, Operation("delete", "Patient.name.given[0]")));
    }

    [Fact]
    public void DeletingTheLastItemRemovesTheElement()
        => Assert.Equal("""{"resourceType":"Patient","active":true}""", Apply("""{"resourceType":"Patient","active":true,"name":[{"family":"x"}]}""", Operation("delete", "Patient.name[0]")));

    [Fact]
    public void DeletingWhatIsNotThereIsNoError()
        => Assert.Equal("""{"resourceType":"Patient"}""", Apply("""{"resourceType":"Patient"}""", Operation("delete", "Patient.name")));

    [Theory]
    [InlineData("replace", "Patient.name", """{"name":"value","valueString":"x"}""")]
    [InlineData("replace", "Patient.birthDate", """{"name":"value","valueDate":"1900"}""")]
    [InlineData("delete", "Patient.name.given", null)]
    [InlineData("add", "Patient.nothing", null)]
    [InlineData("jump", "Patient", null)]
    [InlineData("delete", "Patient.(", null)]
    [InlineData("delete", "Patient", null)]
    [InlineData("delete", "1 + 1", null)]
    public void WhatCannotBeAppliedFails(string type, string path, string? value)
        => Assert.False(FhirPathPatch.Apply(
            Encoding.UTF8.GetBytes("""{"resourceType":"Patient","name":[{"given":["a","b"]},{"family":"y"}]}"""),
            ResourceDocument.Parse(Encoding.UTF8.GetBytes(Operation(type, path, value))).Value).Succeeded);

    private static string Apply(string resource, string patch)
        => Encoding.UTF8.GetString(FhirPathPatch.Apply(Encoding.UTF8.GetBytes(resource), ResourceDocument.Parse(Encoding.UTF8.GetBytes(patch)).Value).Value.Span);

    private static string Operation(string type, string path, string? value = null)
        => $$"""{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"{{type}}"},{"name":"path","valueString":"{{path}}"}{{(value is null ? "" : "," + value)}}]}]}""";

    private static ResourceDocument Resource(XElement test, string name)
        => ResourceDocument.ParseXml(Encoding.UTF8.GetBytes(test.Element(name)!.Elements().Single(element => element.Name.Namespace == Fhir).ToString(SaveOptions.DisableFormatting))).Value;

    /// <summary>Without the white space that only lays out the narrative, as the suite's own files have it.</summary>
    private static string Xml(ReadOnlyMemory<byte> json)
        => XDocument.Parse(Encoding.UTF8.GetString(FhirXml.ToUtf8(ResourceDocument.Parse(json).Value))).ToString(SaveOptions.DisableFormatting);
}
