using System.Text;
using System.Text.Json;
using AtcFhir.R4.Documents;
using CsCheck;

namespace AtcFhir.Tests.R4.Documents;

/// <summary>What the reader notes of a text, so that nobody looks at it again.</summary>
public class PlainTextTests
{
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("van den Berg")]
    [InlineData("é")]
    [InlineData("a name that is longer than what is looked at in one go, and than that twice")]
    public void AnOrdinaryTextIsPlain(string text) => Assert.True(IsPlain(text));

    [Theory]
    [InlineData(" a")]
    [InlineData("a ")]
    [InlineData("a<b")]
    [InlineData("a\\b")]
    [InlineData("a\u202Eb")]
    [InlineData("a\u2066b")]
    public void ATextThatSomebodyHasToLookAtIsNot(string text)
    {
        Assert.False(IsPlain(text));
        Assert.False(IsPlain(text, isLast: true));
    }

    [Fact]
    public void APlainTextHasNothingThatTheCheckOfTextsLooksFor()
    {
        var texts = Gen.Char["abcdefghijklmnopqrstuvwxyz <\\\"\né\u2003\u202A\u202E\u2069€"].Array[1, 60].Select(characters => new string(characters));

        Gen.Select(texts, Gen.Bool).Sample((text, isLast) => Assert.True(!IsPlain(text, isLast) || (text.Trim(' ') == text && text.IndexOfAny(['<', '\\', '"', '\n', '\u202A', '\u202E', '\u2069']) < 0)), iter: 20_000);
    }

    /// <param name="isLast">At the end of a document texts are looked through byte by byte.</param>
    private static bool IsPlain(string text, bool isLast = false)
    {
        var more = isLast ? "" : """,{"family":"and one behind it"}""";
        var json = $$"""{"resourceType":"Patient","name":[{"family":{{JsonSerializer.Serialize(text, AsWritten)}}}{{more}}]}""";
        using var document = ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value;
        return document.Rows[document.Root.Child("name").Child("family").Index].IsPlainText;
    }
}
