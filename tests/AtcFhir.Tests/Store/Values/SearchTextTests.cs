using AtcFhir.Store.Values;
using CsCheck;

namespace AtcFhir.Tests.Store.Values;

public sealed class SearchTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  \t ", "")]
    [InlineData("already plain", "already plain")]
    [InlineData(" Sjögren\u00A0 \n Syndrome ", "sjogren syndrome")]
    [InlineData("e\u0301te\u0301", "ete")]
    [InlineData("Æsir", "aesir")]
    public void CaseAccentsAndSurplusSpaceGo(string text, string folded) => Assert.Equal(folded, SearchText.Fold(text));

    [Fact]
    public void LettersThatBecomeTwoMakeALongTextLonger()
        => Assert.Equal(string.Concat(Enumerable.Repeat("ss", 5_000)), SearchText.Fold(new string('ß', 5_000)));

    [Fact]
    public void WhatIsFoldedStaysAsItIs()
        => Gen.String.Sample(text => SearchText.Fold(SearchText.Fold(text)) == SearchText.Fold(text));
}
