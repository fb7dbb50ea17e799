using System.Text;
using AtcFhir.R4.Canonical;
using AtcFhir.R4.Documents;
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
}
