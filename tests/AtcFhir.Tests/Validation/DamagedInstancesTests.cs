using AtcFhir.Validation;
using AtcFhir.Validation.Conformance;
using static AtcFhir.Tests.Validation.Profiles.ProfileFixture;

namespace AtcFhir.Tests.Validation;

/// <summary>The rows of the table "Damaged instances" of docs/validation/differences.md: where HL7's validator says something else and the text of R4 is with us.</summary>
public class DamagedInstancesTests
{
    private static readonly Lazy<Validator> Official = new(() => new Validator(ConformanceSource.Official));

    private static IReadOnlyList<string> Check(string json, bool errorsOnly = true)
    {
        var parsed = AtcFhir.R4.Documents.ResourceDocument.Parse(System.Text.Encoding.UTF8.GetBytes(json));
        var issues = parsed.TryGet(out var document, out var failure) ? Official.Value.Validate(document).Issues : failure.Issues;
        return [.. issues.Where(issue => issue.IsError || !errorsOnly).Select(issue => $"{issue.Severity} {issue.Rule} {issue.Expression}")];
    }

    private static string Narrative(string div) => $$$"""{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">{{{div}}}"}}""";

    /// <summary>datatypes.html#Coding: the display "is not intended for computation".</summary>
    [Fact]
    public void AnotherDisplayIsAWarning()
        => Assert.Equal(
            ["Warning ATC-V046 Patient.maritalStatus.coding[0].display"],
            Check("""{"resourceType":"Patient","maritalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M","display":"Single"}]}}""", errorsOnly: false));

    /// <summary>datatypes.html#string: SHOULD not; datatypes.html#markdown: SHALL NOT; neither can be written in XML.</summary>
    [Theory]
    [InlineData("""{"resourceType":"Patient","name":[{"text":"a\u0007b"}]}""", "Error ATC-S020 Patient.name[0].text")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"note":[{"text":"a\u0007b"}]}""", "Error ATC-S020 Observation.note[0].text")]
    public void AControlCharacterIsAnError(string json, string expected) => Assert.Equal([expected], Check(json));

    /// <summary>references-definitions.html#Reference.reference: the type stands before the id.</summary>
    [Theory]
    [InlineData(""" "reference":"Substance/1" """, "ATC-V071")]
    [InlineData(""" "reference":"Substance/1/_history/2" """, "ATC-V071")]
    [InlineData(""" "reference":"http://example.org/fhir/Substance/1" """, "ATC-V071")]
    [InlineData(""" "type":"Substance","identifier":{"value":"x"} """, "ATC-V071")]
    [InlineData(""" "reference":"Organisation/1" """, "ATC-V070")]
    [InlineData(""" "reference":"organization/1" """, "ATC-V070")]
    public void AReferenceNamesATypeThatMayStandThere(string reference, string rule)
        => Assert.Equal([$"Error {rule} Patient.managingOrganization"], Check($$$"""{"resourceType":"Patient","managingOrganization":{ {{{reference}}} } }"""));

    /// <summary>narrative-definitions.html#Narrative.div: an XHTML fragment of the basic elements and attributes.</summary>
    [Theory]
    [InlineData("<?php x ?>x</div>")]
    [InlineData("<p>x</div>")]
    [InlineData("x")]
    public void NarrativeIsWellFormed(string div) => Assert.Equal(["Error ATC-V100 Patient.text.div"], Check(Narrative(div)));

    /// <summary>ele-1.</summary>
    [Fact]
    public void AnElementIsNotEmpty() => Assert.Equal(["Error ATC-S016 Patient.maritalStatus"], Check("""{"resourceType":"Patient","maritalStatus":{} }"""));

    [Fact]
    public void NorIsAnItemOfAList() => Assert.Contains("Error ATC-S016 TestScript.profile[0]", Check("""{"resourceType":"TestScript","url":"http://example.org/t","name":"T","status":"draft","profile":[{}]}"""));

    /// <summary>datatypes.html#representations: a primitive has a value, extensions, or both.</summary>
    [Fact]
    public void ARequiredCodeMayBeAbsentWithAReason()
        => Assert.Empty(Check("""{"resourceType":"Observation","_status":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]},"code":{"text":"x"}}"""));

    /// <summary>The same of an id, which is primitive.</summary>
    [Fact]
    public void AnIdMayBeAbsentWithAReason()
        => Assert.Empty(Check("""{"resourceType":"Patient","_id":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]},"active":true}"""));

    /// <summary>datatypes.html#Coding: the system is the source of the definition of the code. languages binds to a maximum value set of R4.</summary>
    [Theory]
    [InlineData("""{"code":"nl"}""", "Error ATC-V042 Patient.communication[0].language")]
    [InlineData("""{"system":"urn:ietf:bcp:47","code":"nl"}""", null)]
    public void ACodeWithoutASystemIsInNoMaximumValueSet(string coding, string? expected)
        => Assert.Equal(expected is null ? [] : [expected], Check($$$"""{"resourceType":"Patient","communication":[{"language":{"coding":[{{{coding}}}]}}]}"""));

    /// <summary>datatypes-definitions.html#Coding.system: it references a definition that establishes the system clearly and unambiguously, and that is a code system.</summary>
    [Theory]
    [InlineData(""" "code":{"coding":[{"system":"http://loinc.org|2.77","code":"a"}]} """, "Error ATC-V137 Observation.code.coding[0].system")]
    [InlineData(""" "code":{"text":"x"},"valueQuantity":{"value":1,"system":"http://unitsofmeasure.org|2","code":"mg"} """, "Error ATC-V137 Observation.value.system")]
    [InlineData(""" "code":{"coding":[{"system":"www.example.org","code":"a"}]} """, "Error ATC-V137 Observation.code.coding[0].system")]
    [InlineData(""" "code":{"text":"x"},"valueQuantity":{"value":1,"system":"www.example.org","code":"a"} """, "Error ATC-V137 Observation.value.system")]
    [InlineData(""" "code":{"coding":[{"system":"http://hl7.org/fhir/ValueSet/administrative-gender","code":"male"}]} """, "Error ATC-V049 Observation.code.coding[0]")]
    [InlineData(""" "code":{"coding":[{"system":"http://example.org/ValueSet/not-known","code":"male"}]} """, null)]
    public void TheSystemOfACodeIsACodeSystem(string members, string? expected)
        => Assert.Equal(expected is null ? [] : [expected], Check($$$"""{"resourceType":"Observation","status":"final",{{{members}}}}"""));

    /// <summary>The systems of HL7 terminology are published apart from R4 and go on; those of R4 itself do not.</summary>
    [Theory]
    [InlineData("http://terminology.hl7.org/CodeSystem/observation-category", "Warning ATC-V043 Observation.code.coding[0].code")]
    [InlineData("http://hl7.org/fhir/observation-status", "Error ATC-V043 Observation.code.coding[0].code")]
    public void ACodeThatOnlyANewerEditionCouldHaveIsAWarning(string system, string expected)
        => Assert.Equal([expected], Check($$$"""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"{{{system}}}","code":"of-the-future"}]}}""", errorsOnly: false));

    [Fact]
    public void AnInvariantThatComesOutEmptyIsKept()
        => Assert.Empty(Check("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueRange":{"low":{"unit":"mg"},"high":{"value":1}}}"""));

    [Fact]
    public void ALinkWithinNarrativeMayLeadNowhere() => Assert.Empty(Check(Narrative("""<a href=\"#nowhere\">x</a></div>""")));

    /// <summary>narrative.html, txt-1: chapters 7 to 11 and 15 of HTML 4.0, of which 15 has bgcolor; XML, in which CDATA is text; no scripts.</summary>
    [Theory]
    [InlineData("<table bgcolor=\\\"red\\\"><tr><td>a</td></tr></table>", null)]
    [InlineData("<![CDATA[a]]>", null)]
    [InlineData("<img src=\\\"#nowhere\\\" alt=\\\"x\\\"/>", null)]
    [InlineData("<img src=\\\"javascript:x\\\"/>a", "Error ATC-V100 Patient.text.div")]
    [InlineData("<p id=\\\"a\\\" id=\\\"b\\\">a</p>", "Error ATC-V100 Patient.text.div")]
    public void NarrativeIsXhtmlWithoutScripts(string html, string? expected)
        => Assert.Equal(
            expected is null ? [] : [expected],
            Check($$$"""{"resourceType":"Patient","active":true,"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">{{{html}}}</div>"}}"""));

    /// <summary>Questionnaire.item.initial.value: "The type of the initial value must be consistent with the type of the item."</summary>
    [Fact]
    public void AnInitialValueHasTheTypeOfItsItem()
        => Assert.Equal(
            ["Error ATC-V110 Questionnaire.item[0].initial[0].value"],
            Check("""{"resourceType":"Questionnaire","status":"active","item":[{"linkId":"a","type":"integer","initial":[{"valueString":"x"}]}]}"""));

    /// <summary>Reference.type: relative to http://hl7.org/fhir/StructureDefinition/.</summary>
    [Fact]
    public void TheTypeOfAReferenceIsOneOfR4()
        => Assert.Equal(
            ["Error ATC-V078 Observation.subject"],
            Check("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"type":"Patientt","display":"x"}}"""));
}
