using System.Text;
using System.Text.Json;
using AtcFhir.R4.Documents;
using CsCheck;

namespace AtcFhir.Tests.R4.Documents;

/// <summary>The framework's Utf8JsonReader is the judge: the same tokens at the same places, and a refusal of the same texts.</summary>
public class JsonCursorTests
{
    private static readonly string[] Seeds =
    [
        """{"resourceType":"Patient","active":true,"name":[{"family":"Jansen \"de\" Vries","given":["A","B"]}],"x":null}""",
        "{ \"a\" : [ ] , \"b\" : { } ,\r\n\t\"c\" : -12.50e+3 , \"long text over sixteen bytes\" : \"\\u00e9\\n, and more than sixteen again\" }",
        "[1,0,-0,0.5,1E9,[[{}],[]],\"\",true,false]",
        "\"text\"", "12", " null ", "",
    ];

    public static TheoryData<string> Texts => [.. Seeds];

    [Theory]
    [MemberData(nameof(Texts))]
    public void SeesTheTokensThatTheReaderOfTheFrameworkSees(string text)
        => Assert.Equal(ByFramework(Encoding.UTF8.GetBytes(text), 64), ByCursor(Encoding.UTF8.GetBytes(text), 64));

    [Fact]
    public void RefusesWhatTheReaderOfTheFrameworkRefuses()
    {
        var alphabet = Gen.Char["{}[]\":,\\ue/0123-+.tfn \n\t\r\u0001\u00e9aA"];
        var mutated =
            from index in Gen.Int[0, Seeds.Length - 1]
            let seed = Seeds[index]
            from at in Gen.Int[0, seed.Length]
            from cut in Gen.Int[0, 3]
            from insert in alphabet.Array[0, 3]
            select seed[..at] + new string(insert) + seed[Math.Min(seed.Length, at + cut)..];

        mutated.Sample(
            text =>
            {
                var utf8 = Encoding.UTF8.GetBytes(text);
                Assert.Equal(ByFramework(utf8, 64), ByCursor(utf8, 64));
            },
            iter: 20_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(130)]
    public void NestsAsDeepAsItIsTold(int maxDepth)
    {
        foreach (var depth in (int[])[maxDepth - 1, maxDepth, maxDepth + 1])
        {
            // Arrays and objects take turns, so that a wrong memory of one of them shows.
            var text = new StringBuilder();
            for (var i = 0; i < depth; i++)
            {
                text.Append(i % 3 == 0 ? "[" : "{\"a\":");
            }

            text.Append('1');
            for (var i = depth - 1; i >= 0; i--)
            {
                text.Append(i % 3 == 0 ? ",2]" : ",\"b\":2}");
            }

            var utf8 = Encoding.UTF8.GetBytes(text.ToString());
            Assert.Equal(ByFramework(utf8, maxDepth), ByCursor(utf8, maxDepth));
        }
    }

    [Fact]
    public void SkipsToTheEndOfTheContainer()
    {
        var cursor = new JsonCursor("""{"a":{"b":[1,{"c":2}]},"d":3}"""u8, 64);
        cursor.Read();
        cursor.Read();
        cursor.Read();
        cursor.Skip();
        Assert.Equal(JsonTokenType.EndObject, cursor.TokenType);
        cursor.Read();
        Assert.True(cursor.ValueTextEquals("d"u8));
    }

    [Theory]
    [InlineData("\"a\\\"b\\/\\n\"", false)]
    [InlineData("\"a\\u0041\"", true)]
    [InlineData("\"a\\b\"", true)]
    public void TellsEscapesThatNeedALook(string text, bool isUnusual)
    {
        var cursor = new JsonCursor(Encoding.UTF8.GetBytes(text), 64);
        cursor.Read();
        Assert.True(cursor.ValueIsEscaped);
        Assert.Equal(isUnusual, cursor.HasUnusualEscape);
    }

    // The colon behind a name is consumed by both, at a moment of their own.
    private static List<string> ByCursor(byte[] utf8, int maxDepth)
    {
        List<string> tokens = [];
        var cursor = new JsonCursor(utf8, maxDepth);
        try
        {
            while (cursor.Read())
            {
                var isText = cursor.TokenType is JsonTokenType.String or JsonTokenType.PropertyName;
                var hasValue = isText || cursor.TokenType is JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null;
                tokens.Add($"{cursor.TokenType} {cursor.TokenStartIndex} {(cursor.TokenType == JsonTokenType.PropertyName ? 0 : cursor.BytesConsumed)} "
                    + $"{isText && cursor.ValueIsEscaped} {(hasValue ? Encoding.UTF8.GetString(cursor.ValueSpan) : "")}");
            }
        }
        catch (JsonException)
        {
            return ["refused"];
        }

        return tokens;
    }

    private static List<string> ByFramework(byte[] utf8, int maxDepth)
    {
        List<string> tokens = [];
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            while (reader.Read())
            {
                var isText = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName;
                var hasValue = isText || reader.TokenType is JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null;
                tokens.Add($"{reader.TokenType} {reader.TokenStartIndex} {(reader.TokenType == JsonTokenType.PropertyName ? 0 : reader.BytesConsumed)} "
                    + $"{isText && reader.ValueIsEscaped} {(hasValue ? Encoding.UTF8.GetString(reader.ValueSpan) : "")}");
            }
        }
        catch (JsonException)
        {
            return ["refused"];
        }

        return tokens;
    }
}
