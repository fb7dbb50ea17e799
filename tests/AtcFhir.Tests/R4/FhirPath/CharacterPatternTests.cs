using System.Text.RegularExpressions;
using AtcFhir.R4.FhirPath.Functions;
using CsCheck;

namespace AtcFhir.Tests.R4.FhirPath;

/// <summary>The regex engine is the judge.</summary>
public class CharacterPatternTests
{
    private static readonly Gen<string> Class = OneOf("[0-9]", "[A-Z]", "[ .-]", "[a-c0]", "[A-Za-z0-9_]", "[.]", "N", "0", "[-a]", "[a-]", "[|]");
    private static readonly Gen<string> Count = OneOf("", "", "{2}", "{0,2}", "{1,3}", "+", "*", "?", "{2,}", "+?");
    private static readonly Gen<string> Pattern = Gen.Select(Gen.Bool, Gen.Select(Class, Count, (characters, count) => characters + count).Array[1, 4], (isAnchored, parts) => isAnchored ? $"^{string.Concat(parts)}$" : string.Concat(parts));
    private static readonly Gen<string> Text = OneOf("0", "1", "9", "A", "N", "Z", "a", "b", "c", "z", ".", "-", " ", "_", "|", "é", "\n", "٣").Array[0, 7].Select(string.Concat);

    private static Gen<string> OneOf(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);

    [Fact]
    public void FindsWhatTheEngineFinds()
        => Gen.Select(Pattern, Text).Sample((pattern, text) =>
            CharacterPattern.Find(pattern) is not { } plain || plain.FindsIn(text) == Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant | RegexOptions.Singleline), iter: 20_000);

    [Theory]
    [InlineData("^[0-9]{8,9}$")]
    [InlineData("^[0-9]{4}$")]
    [InlineData("[ .-]")]
    [InlineData("^[0-9]{4}-[0-9]{6}-[0-9]{2}$")]
    [InlineData("^NL[0-9]{5}[.][0-9]{3}[.][0-9]{2}$")]
    [InlineData("^[A-Z]([A-Za-z0-9_]){0,254}$", false)]
    [InlineData("^[0-9]+[0-9]$", false)]
    [InlineData("^[0-9]*[a-z]*[0-9]$", false)]
    [InlineData("[^0-9]", false)]
    [InlineData("", false)]
    [InlineData("^$", false)]
    [InlineData("[0-9]{2}", false)]
    public void TakesOnlyWhatIsPlain(string pattern, bool takes = true) => Assert.Equal(takes, CharacterPattern.Find(pattern) is not null);
}
