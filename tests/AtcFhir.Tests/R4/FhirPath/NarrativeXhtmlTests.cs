using System.Xml;
using AtcFhir.R4.FhirPath;

namespace AtcFhir.Tests.R4.FhirPath;

public sealed class NarrativeXhtmlTests
{
    private const string Open = "<div xmlns=\"http://www.w3.org/1999/xhtml\">";

    [Theory]
    [InlineData("text")]
    [InlineData("<p class='a' style=\"color: red\">a &amp; b &#160; &#xA0;</p>")]
    [InlineData("<table border='1'><tbody><tr><td rowspan='2'>a</td></tr></tbody></table>")]
    [InlineData("<img src='data:image/png;base64,AA==' alt='x'/>")]
    [InlineData("<a href='http://example.org/javascript:x'>a</a><br/><!-- note --><![CDATA[ <b> ]]>")]
    [InlineData("<p xmlns='http://www.w3.org/1999/xhtml' xml:lang='en'>a</p>")]
    public void AllowsFormatting(string content) => Assert.Null(NarrativeXhtml.FindFault(Open + content + "</div>"));

    [Fact]
    public void AllowsAPrefix() => Assert.Null(NarrativeXhtml.FindFault("<h:div xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:p>a</h:p></h:div>"));

    [Theory]
    [InlineData("<script>alert(1)</script>", "script")]
    [InlineData("<p onclick='x()'>a</p>", "onclick")]
    [InlineData("<a href='javascript:x()'>a</a>", "href")]
    [InlineData("<a href='java&#10;script:x()'>a</a>", "href")]
    [InlineData("<form>a</form>", "form")]
    [InlineData("<iframe src='http://example.org'>a</iframe>", "iframe")]
    [InlineData("&nbsp;", "entities")]
    [InlineData("<p>a", "well-formed")]
    [InlineData("<p>a</b></p>", "well-formed")]
    [InlineData("<p class='a' class='b'>a</p>", "well-formed")]
    [InlineData("<p class=a>a</p>", "well-formed")]
    [InlineData("<?php x ?>", "processing")]
    [InlineData("<p xmlns='http://example.org'>a</p>", "namespace")]
    [InlineData(" \n ", "nothing to read")]
    [InlineData("<p/>", "nothing to read")]
    public void RefusesTheRest(string content, string hint)
        => Assert.Contains(hint, NarrativeXhtml.FindFault(Open + content + "</div>"), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("<p xmlns=\"http://www.w3.org/1999/xhtml\">a</p>")]
    [InlineData("<div>a</div>")]
    [InlineData("<!DOCTYPE div [<!ENTITY a 'b'>]><div xmlns=\"http://www.w3.org/1999/xhtml\">&a;</div>")]
    [InlineData(Open + "a</div>b")]
    [InlineData(Open + "a</div>" + Open + "a</div>")]
    public void RefusesWhatIsNotOneDiv(string xhtml) => Assert.NotNull(NarrativeXhtml.FindFault(xhtml));

    [Fact]
    public void EndsOnDeepNesting() => Assert.NotNull(NarrativeXhtml.FindFault(Open + string.Concat(Enumerable.Repeat("<b>", 5000)) + "a"));

    [Fact]
    public void AgreesWithAnXmlParserOnWhatIsWellFormed()
    {
        var wrong = new List<string>();
        foreach (var example in R4Examples.All)
        {
            var div = AtcFhir.R4.Documents.ResourceDocument.Parse(example.Utf8).Value.Root.Child("text").Child("div").Text;
            if (div is not null && NarrativeXhtml.FindFault(div)?.Contains("well-formed", StringComparison.Ordinal) == IsXml(div))
            {
                wrong.Add(example.Name);
            }
        }

        Assert.Empty(wrong);
    }

    private static bool IsXml(string text)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { ConformanceLevel = ConformanceLevel.Fragment, DtdProcessing = DtdProcessing.Prohibit });
            while (reader.Read())
            {
            }

            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }
}
