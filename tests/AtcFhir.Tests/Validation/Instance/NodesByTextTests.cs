using AtcFhir.R4.Documents;
using AtcFhir.Validation.Instance;

namespace AtcFhir.Tests.Validation.Instance;

public class NodesByTextTests
{
    private static readonly ResourceDocument Document = ResourceDocument.Parse("""{"resourceType":"Patient","id":"1","active":true,"name":[{"family":"A"}]}"""u8.ToArray()).Value;

    [Fact]
    public void NodesOfOneTextAreCountedAndTheFirstIsKept()
    {
        var index = new NodesByText();

        Assert.Equal(0, index.Add("a", Document.NodeAt(1)));
        Assert.Equal(1, index.Add("b", Document.NodeAt(2)));
        Assert.Equal(0, index.Add("a", Document.NodeAt(3)));

        Assert.Equal(2, index.Count);
        Assert.Equal(new NodeMatches(Document.NodeAt(1), 2), index["a"]);
        Assert.Equal(new NodeMatches(Document.NodeAt(2), 1), index["b"]);
        Assert.Equal(default, index["c"]);
        Assert.Equal(-1, index.Find(""));
    }

    [Fact]
    public void ManyTextsAreFoundAndForgotten()
    {
        var index = new NodesByText();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 20_000; i++)
            {
                Assert.Equal(i, index.Add($"http://example.org/{i}", Document.Root));
            }

            for (var i = 0; i < 20_000; i++)
            {
                Assert.Equal(i, index.Find($"http://example.org/{i}"));
            }

            Assert.False(index.Contains("http://example.org/20000"));
            index.Clear();
            Assert.False(index.Contains("http://example.org/1"));
            Assert.Equal(0, index.Count);
        }
    }
}
