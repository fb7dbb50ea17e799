using System.Text;
using AtcFhir.R4.Canonical;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;
using AtcFhir.R4.Xml;

namespace AtcFhir.Tests.R4.Xml;

public sealed class FhirXmlTests
{
    [Fact]
    public void EveryExampleReadsBackFromXmlAsItWas() => Assert.All(R4Examples.All, example =>
    {
        var document = ResourceDocument.Parse(example.Utf8).Value;
        var again = ResourceDocument.ParseXml(FhirXml.ToUtf8(document)).Value;
        Assert.Equal(Encoding.UTF8.GetString(CanonicalForm.Of(example.Utf8)), Encoding.UTF8.GetString(CanonicalForm.Of(again.Utf8)));
        Assert.Equal(document.Issues.Select(issue => (issue.Rule, issue.Expression)), again.Issues.Select(issue => (issue.Rule, issue.Expression)));
    });

    [Theory]
    // Digits, exponents and signs of decimals.
    [InlineData("""<Observation xmlns="http://hl7.org/fhir"><valueQuantity><value value="1.00000000000000000000000000000000001"/></valueQuantity></Observation>""", """{"resourceType":"Observation","valueQuantity":{"value":1.00000000000000000000000000000000001}}""")]
    [InlineData("""<Observation xmlns="http://hl7.org/fhir"><valueQuantity><value value="-1E+2"/></valueQuantity></Observation>""", """{"resourceType":"Observation","valueQuantity":{"value":-1E+2}}""")]
    // Ids and extensions of primitives, also where a list has values without them and the reverse.
    [InlineData("""<Patient xmlns="http://hl7.org/fhir"><name id="n"><given value="a"/><given id="g"><extension url="u"><valueBoolean value="true"/></extension></given><given id="h" value="c"/></name></Patient>""", """{"resourceType":"Patient","name":[{"id":"n","given":["a",null,"c"],"_given":[null,{"id":"g","extension":[{"url":"u","valueBoolean":true}]},{"id":"h"}]}]}""")]
    // A resource inside another.
    [InlineData("""<Patient xmlns="http://hl7.org/fhir"><contained><Organization><id value="o"/></Organization></contained></Patient>""", """{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o"}]}""")]
    // Line breaks, tabs and quotes in values.
    [InlineData("""<Patient xmlns="http://hl7.org/fhir"><name><text value="a&#xA;b&#x9;&quot;c&quot; &lt;&amp;"/></name></Patient>""", """{"resourceType":"Patient","name":[{"text":"a\nb\t\"c\" <&"}]}""")]
    // Narrative stays as it is.
    [InlineData("""<Patient xmlns="http://hl7.org/fhir"><text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p  class='x'>é &#160;<br/> </p></div></text></Patient>""", """{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p  class='x'>é &#160;<br/> </p></div>"}}""")]
    public void BothFormsSayTheSame(string xml, string json)
    {
        var read = FhirXml.ToJson(Encoding.UTF8.GetBytes(xml)).Value;
        Assert.Equal([], read.Issues);
        Assert.Equal(json, Encoding.UTF8.GetString(read.Json));
        Assert.Equal(xml, WithoutDeclaration(FhirXml.ToUtf8(ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value)).Replace(" />", "/>", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""<h:Patient xmlns:h="http://hl7.org/fhir" xmlns:x="http://www.w3.org/1999/xhtml"><h:text><h:status value="generated"/><x:div>a<x:b class="c">d</x:b></x:div></h:text></h:Patient>""", """<div xmlns="http://www.w3.org/1999/xhtml">a<b class="c">d</b></div>""")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\">\r\n<text><status value=\"generated\"/>\r<div xmlns=\"http://www.w3.org/1999/xhtml\">a\r\nb<!-- c --></div></text></Patient>", "<div xmlns=\"http://www.w3.org/1999/xhtml\">a\nb<!-- c --></div>")]
    public void NarrativeStandsByItself(string xml, string div)
    {
        var document = ResourceDocument.ParseXml(Encoding.UTF8.GetBytes(xml)).Value;
        Assert.Equal([], document.Issues);
        Assert.Equal(div, document.Root.Child("text").Child("div").Text);
    }

    [Theory]
    [InlineData("<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">a&nbsp;b&amp;</div>", "<div xmlns=\"http://www.w3.org/1999/xhtml\">a&#160;b&amp;</div>")]
    [InlineData("<div>a</div>", "<div xmlns=\"http://www.w3.org/1999/xhtml\">a</div>")]
    [InlineData("a < b", "<div xmlns=\"http://www.w3.org/1999/xhtml\">a &lt; b</div>")]
    [InlineData("<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\"></div></text><x/>", "<div xmlns=\"http://www.w3.org/1999/xhtml\">&lt;div xmlns=\"http://www.w3.org/1999/xhtml\"&gt;&lt;/div&gt;&lt;/text&gt;&lt;x/&gt;</div>")]
    public void NarrativeThatXmlCannotHoldIsMadeToFit(string json, string xml)
        => Assert.Contains(xml, Encoding.UTF8.GetString(FhirXml.ToUtf8(Json($$$"""{"resourceType":"Patient","text":{"status":"generated","div":"{{{json}}}"}}"""))), StringComparison.Ordinal);

    [Theory]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\">\n  <nome/>\n</Patient>", "ATC-S010", 2, 4, "Patient")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\">\n  <name><id value=\"x\"/></name></Patient>", "ATC-S010", 2, 10, "Patient.name[0]")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"yes\"/></Patient>", "ATC-S020", 1, 39, "Patient.active")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><active>true</active></Patient>", "ATC-S032", 1, 46, "Patient.active")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><active/></Patient>", "ATC-S016", 1, 39, "Patient.active")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/><active value=\"true\"/></Patient>", "ATC-S018", 1, 61, "Patient")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\" when=\"now\"/></Patient>", "ATC-S033", 1, 59, "Patient.active")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><name value=\"x\"><text value=\"y\"/></name></Patient>", "ATC-S033", 1, 44, "Patient.name[0]")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><gender value=\"male\"/><active value=\"true\"/></Patient>", "ATC-S034", 1, 61, "Patient")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><active xmlns=\"\" value=\"true\"/></Patient>", "ATC-S031", 1, 39, "Patient")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><text><status value=\"generated\"/><div>x</div></text></Patient>", "ATC-S031", 1, 72, "Patient.text")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><contained/></Patient>", "ATC-S016", 1, 39, "Patient.contained[0]")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><contained><Patiente/></contained></Patient>", "ATC-S004", 1, 50, "Patient.contained[0]")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\">\n  <gender value=\"malee\"/>\n</Patient>", "ATC-S021", 2, 4, "Patient.gender")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\">\n  <name><given value=\"é\"/></name>\n  <birthDate value=\"2018-02-30\"/></Patient>", "ATC-S020", 3, 4, "Patient.birthDate")]
    [InlineData("<Observation xmlns=\"http://hl7.org/fhir\">\n <status value=\"final\"/>\n <code><text value=\"x\"/></code>\n <component>\n</component></Observation>", "ATC-S013", 4, 3, "Observation.component[0]")]
    public void AFaultIsFoundWhereItStandsInTheXml(string xml, string rule, int line, int column, string expression)
    {
        var issues = ResourceDocument.ParseXml(Encoding.UTF8.GetBytes(xml)).Value.Issues;
        Assert.Contains((rule, line, column, expression), issues.Select(issue => (issue.Rule!, issue.Line!.Value, issue.Column!.Value, issue.Expression!)));

        // One fault, one issue; an element that could not be read may be missed besides.
        Assert.All(issues, issue => Assert.True((issue.Line, issue.Column) == (line, column) || issue.Rule == "ATC-S013"));
    }

    [Theory]
    [InlineData("", "ATC-S030")]
    [InlineData("{}", "ATC-S030")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\">", "ATC-S030")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"/><Patient/>", "ATC-S030")]
    [InlineData("<!DOCTYPE p [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Patient xmlns=\"http://hl7.org/fhir\"><id value=\"&x;\"/></Patient>", "ATC-S030")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"&x;\"/></Patient>", "ATC-S030")]
    [InlineData("<Patient/>", "ATC-S031")]
    [InlineData("<Patiente xmlns=\"http://hl7.org/fhir\"/>", "ATC-S004")]
    [InlineData("<DomainResource xmlns=\"http://hl7.org/fhir\"/>", "ATC-S004")]
    [InlineData("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><Patient xmlns=\"http://hl7.org/fhir\"/>", "ATC-S002")]
    public void WhatIsNoFhirXmlIsRefused(string xml, string rule)
    {
        var failure = ResourceDocument.ParseXml(Encoding.UTF8.GetBytes(xml)).Failure!;
        Assert.Equal((FailureKind.Malformed, rule), (failure.Kind, failure.Issues[0].Rule));
    }

    [Fact]
    public void WhatIsTooLargeOrTooDeepIsRefused()
    {
        var deep = "<Questionnaire xmlns=\"http://hl7.org/fhir\">" + string.Concat(Enumerable.Repeat("<item>", 100_000));
        Assert.Equal("ATC-S003", FhirXml.ToJson(Encoding.UTF8.GetBytes(deep)).Failure!.Issues[0].Rule);
        Assert.Equal(FailureKind.TooLarge, FhirXml.ToJson(new byte[11], new DocumentLimits(10)).Failure!.Kind);
        Assert.Equal("ATC-S002", FhirXml.ToJson(new byte[] { 0x3C, 0xFF }).Failure!.Issues[0].Rule);
    }

    [Fact]
    public void APositionOfANodeIsThatOfTheXml()
    {
        var document = ResourceDocument.ParseXml("<Patient xmlns=\"http://hl7.org/fhir\">\n <name>\n  <given value=\"a\"/>\n  <given value=\"b\"/>\n </name>\n</Patient>"u8.ToArray()).Value;
        Assert.Equal((2, 3), document.Root.Child("name").Position);
        Assert.Equal([(3, 4), (4, 4)], document.Root.Child("name").ChildrenOf("given").ToList().Select(node => node.Position));
    }

    private static ResourceDocument Json(string json) => ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value;

    private static string WithoutDeclaration(byte[] xml) => Encoding.UTF8.GetString(xml).Split("?>", 2)[1];
}
