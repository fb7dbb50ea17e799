using System.Text;
using AtcFhir.Server.Fhir;

namespace AtcFhir.Tests.Server.Fhir;

/// <summary>The examples of RFC 6902, appendix A.</summary>
public class JsonPatchTests
{
    [Theory]
    [InlineData("""{"foo":"bar"}""", """[{"op":"add","path":"/baz","value":"qux"}]""", """{"foo":"bar","baz":"qux"}""")]
    [InlineData("""{"foo":["bar","baz"]}""", """[{"op":"add","path":"/foo/1","value":"qux"}]""", """{"foo":["bar","qux","baz"]}""")]
    [InlineData("""{"baz":"qux","foo":"bar"}""", """[{"op":"remove","path":"/baz"}]""", """{"foo":"bar"}""")]
    [InlineData("""{"foo":["bar","qux","baz"]}""", """[{"op":"remove","path":"/foo/1"}]""", """{"foo":["bar","baz"]}""")]
    [InlineData("""{"baz":"qux","foo":"bar"}""", """[{"op":"replace","path":"/baz","value":"boo"}]""", """{"baz":"boo","foo":"bar"}""")]
    [InlineData("""{"a":[1,{"b":2,"c":3}],"d":4}""", """[{"op":"replace","path":"/a/1/b","value":null},{"op":"replace","path":"/a/0","value":[]}]""", """{"a":[[],{"b":null,"c":3}],"d":4}""")]
    [InlineData("""{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}""", """[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]""", """{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}""")]
    [InlineData("""{"foo":["all","grass","cows","eat"]}""", """[{"op":"move","from":"/foo/1","path":"/foo/3"}]""", """{"foo":["all","cows","eat","grass"]}""")]
    [InlineData("""{"baz":"qux","foo":["a",2,"c"]}""", """[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]""", """{"baz":"qux","foo":["a",2,"c"]}""")]
    [InlineData("""{"foo":"bar"}""", """[{"op":"add","path":"/child","value":{"grandchild":{}}}]""", """{"foo":"bar","child":{"grandchild":{}}}""")]
    [InlineData("""{"foo":["bar"]}""", """[{"op":"add","path":"/foo/-","value":["abc","def"]}]""", """{"foo":["bar",["abc","def"]]}""")]
    [InlineData("""{"/":9,"~1":10}""", """[{"op":"test","path":"/~01","value":10}]""", """{"/":9,"~1":10}""")]
    [InlineData("""{"a":1.10}""", """[{"op":"copy","from":"/a","path":"/b"}]""", """{"a":1.10,"b":1.10}""")]
    public void Applies(string document, string patch, string expected)
        => Assert.Equal(expected, Encoding.UTF8.GetString(JsonPatch.Apply(Utf8(document), JsonPatch.Parse(Utf8(patch)).Value).Value.Span));

    [Theory]
    [InlineData("""{"baz":"qux"}""", """[{"op":"test","path":"/baz","value":"bar"}]""")]
    [InlineData("""{"foo":"bar"}""", """[{"op":"add","path":"/baz/bat","value":"qux"}]""")]
    [InlineData("""{"foo":["a"]}""", """[{"op":"add","path":"/foo/2","value":"qux"}]""")]
    [InlineData("""{"foo":["a"]}""", """[{"op":"remove","path":"/foo/01"}]""")]
    [InlineData("""{"foo":"bar"}""", """[{"op":"replace","path":"/x","value":1}]""")]
    [InlineData("""{"foo":["a"]}""", """[{"op":"replace","path":"/foo/-","value":1}]""")]
    [InlineData("""{"foo":["a"]}""", """[{"op":"replace","path":"/foo/1","value":1}]""")]
    [InlineData("""{"a":{"b":{}}}""", """[{"op":"move","from":"/a","path":"/a/b/c"}]""")]
    [InlineData("""{"a":1}""", """[{"op":"test","path":"/a","value":"1"}]""")]
    public void Refuses(string document, string patch)
        => Assert.False(JsonPatch.Apply(Utf8(document), JsonPatch.Parse(Utf8(patch)).Value).Succeeded);

    private static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
