using System.Text;
using System.Text.Json;
using AtcFhir.Validation.Instance;
using CsCheck;

namespace AtcFhir.Tests.Validation.Instance;

/// <summary>The full reader is the judge.</summary>
public class PlainNarrativeTests
{
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string Start = "<div xmlns=\"http://www.w3.org/1999/xhtml\">";

    private static readonly string[] Seeds =
    [
        Start + "<p>A &amp; b <b title=\"x\">c</b><br/>\n<a href=\"http://example.org/\">d</a></p></div>",
        Start + "<table class=\"grid\"><tr>\t<td colspan=\"2\">1 &lt; 2</td></tr></table><img src=\"a.png\" alt=\"\"/></div> ",
        Start + "<blockquote><h1>a</h1><colgroup></colgroup></blockquote></div>",
        Start + "<ul type='disc'><li>é &#233; &#x3C; \"quoted\" a\\b</li></ul></div>",
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void TellsTheUsualGoodOnesAtOnce(int seed)
    {
        Assert.True(PlainNarrative.IsGood(Escaped(Seeds[seed])));
        Assert.True(PlainNarrative.IsGood(Escaped(Long(Seeds[seed]))));
    }

    [Theory]
    [InlineData(40, true)]
    [InlineData(400, false)]
    public void TellsDeepOnesUpToABound(int depth, bool isGood)
        => Assert.Equal(isGood, PlainNarrative.IsGood(Escaped(Start + "a" + string.Concat(Enumerable.Repeat("<b>", depth)) + string.Concat(Enumerable.Repeat("</b>", depth)) + "</div>")));

    [Theory]
    [InlineData("<div>a</div>")]
    [InlineData(Start + "<p>a</div>")]
    [InlineData(Start + "a</div>b")]
    [InlineData(Start + "<script>a</script></div>")]
    [InlineData(Start + "<a href=\"javascript:alert(1)\">a</a></div>")]
    [InlineData(Start + "<p onclick=\"a\">a</p></div>")]
    [InlineData(Start + "a &nbsp; b</div>")]
    [InlineData(Start + "<hq>a</hq></div>")]
    [InlineData(Start + "<blockquotes>a</blockquotes></div>")]
    [InlineData(Start + "<p>a</p")]
    [InlineData(Start + "<p")]
    public void NeverPassesOneThatIsNotGood(string text)
    {
        Assert.False(PlainNarrative.IsGood(Escaped(text)));
        Assert.False(PlainNarrative.IsGood(Escaped(Long(text))));
    }

    [Fact]
    public void NeverPassesOneWithoutContent()
        => Assert.False(PlainNarrative.IsGood(Escaped(Start + string.Concat(Enumerable.Repeat(" \n<p class=\"grid\"> </p><br/>", 10)) + "</div>")));

    [Fact]
    public void NeverContradictsTheFullReader()
    {
        string[] parts = ["<", ">", "/", "\"", "'", "=", "&", ";", " ", "\n", "\\", "a", "<b>", "</b>", "<br/>", "\u2003", "xmlns", "src=\"v\"", "<!--", "&amp;", "&#1;", "div"];
        var mutated =
            from index in Gen.Int[0, Seeds.Length - 1]
            from isLong in Gen.Bool
            let seed = isLong ? Long(Seeds[index]) : Seeds[index]
            from at in Gen.Int[0, seed.Length]
            from cut in Gen.Int[0, 4]
            from insert in Gen.Int[0, parts.Length - 1].Array[0, 3]
            select seed[..at] + string.Concat(insert.Select(part => parts[part])) + seed[Math.Min(seed.Length, at + cut)..];

        mutated.Sample(text => Assert.True(!PlainNarrative.IsGood(Escaped(text)) || IsGoodByTheFullReader(text)), iter: 40_000);
    }

    /// <summary>The same among so much that is good that it is read in blocks.</summary>
    private static string Long(string text)
    {
        var good = string.Concat(Enumerable.Repeat("<p>A <b>b</b> \"c\"\n</p>", 4));
        return text.Length < Start.Length || text.LastIndexOf("</div>", StringComparison.Ordinal) is not (> 0 and var end)
            ? text + good
            : Start + good + text[Start.Length..end] + good + text[end..];
    }

    private static byte[] Escaped(string text) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(text, AsWritten)[1..^1]);

    private static bool IsGoodByTheFullReader(string text)
    {
        var reader = new XhtmlReader(text, new (int, int)[XhtmlReader.Depth]);
        return reader.Read() is null && reader.HasContent;
    }
}
