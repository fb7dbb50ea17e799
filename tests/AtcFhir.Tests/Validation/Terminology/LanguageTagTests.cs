using System.Text.Json;
using AtcFhir.Validation.Conformance;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Tests.Validation.Terminology;

/// <summary>Language tags: RFC 5646, with its own examples (appendix A) and those that it calls invalid.</summary>
public class LanguageTagTests
{
    [Theory]
    [InlineData("de")]
    [InlineData("nl-NL")]
    [InlineData("EN-us")]
    [InlineData("i-enochian")]
    [InlineData("zh-Hant")]
    [InlineData("zh-cmn-Hans-CN")]
    [InlineData("yue-HK")]
    [InlineData("sr-Latn-RS")]
    [InlineData("sl-rozaj-biske")]
    [InlineData("de-CH-1901")]
    [InlineData("sl-IT-nedis")]
    [InlineData("hy-Latn-IT-arevela")]
    [InlineData("es-419")]
    [InlineData("de-CH-x-phonebk")]
    [InlineData("az-Arab-x-AZE-derbend")]
    [InlineData("x-whatever")]
    [InlineData("qaa-Qaaa-QM-x-southern")]
    [InlineData("de-Qaaa")]
    [InlineData("sr-Qaaa-RS")]
    [InlineData("en-US-u-islamcal")]
    [InlineData("zh-CN-a-myext-x-private")]
    [InlineData("en-GB-oed")]
    [InlineData("iw")]
    public void AreValid(string tag) => Assert.True(LanguageTag.IsValid(tag));

    [Theory]
    [InlineData("")]
    [InlineData("n")]
    [InlineData("zz")]
    [InlineData("zz-ZZ")]
    [InlineData("en-UK")]
    [InlineData("dutch")]
    [InlineData("nl_NL")]
    [InlineData("nl-")]
    [InlineData("en-Abcd")]
    [InlineData("zh-zzz")]
    [InlineData("i-nothing")]
    [InlineData("x-")]
    [InlineData("de-419-DE")]
    [InlineData("a-DE")]
    [InlineData("ar-a-aaa-b-bbb-a-ccc")]
    [InlineData("de-1901-1901")]
    [InlineData("en-nosuch")]
    [InlineData("en-u")]
    public void AreNot(string tag) => Assert.False(LanguageTag.IsValid(tag));

    [Fact]
    public void TheTableIsTheRegistry()
    {
        using var registry = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(PublicPackage.Folder("language-subtag-registry"), "data", "json", "registry.json")));
        var stated = registry.RootElement.EnumerateArray().ToLookup(record => record.Text("Type"), record => (record.Text("Subtag") ?? record.Text("Tag"))!.ToLowerInvariant());
        Assert.Equal(All("language"), LanguageSubtags.Languages.Order(StringComparer.Ordinal));
        Assert.Equal(All("extlang"), LanguageSubtags.Extended.Order(StringComparer.Ordinal));
        Assert.Equal(All("script"), LanguageSubtags.Scripts.Order(StringComparer.Ordinal));
        Assert.Equal(All("region"), LanguageSubtags.Regions.Order(StringComparer.Ordinal));
        Assert.Equal(All("variant"), LanguageSubtags.Variants.Order(StringComparer.Ordinal));
        Assert.Equal(All("grandfathered"), LanguageSubtags.Grandfathered.Order(StringComparer.Ordinal));

        IEnumerable<string> All(string kind) => stated[kind].SelectMany(Expanded).Order(StringComparer.Ordinal);
    }

    /// <summary>Of what is for private use the registry gives the first and the last: qaa..qtz.</summary>
    private static IEnumerable<string> Expanded(string subtag)
    {
        var ends = subtag.Split("..");
        for (var at = ends[0].ToCharArray(); ; Next(at))
        {
            yield return new string(at);
            if (new string(at) == ends[^1])
            {
                yield break;
            }
        }
    }

    private static void Next(char[] text)
    {
        var i = text.Length - 1;
        for (; text[i] == 'z'; i--)
        {
            text[i] = 'a';
        }

        text[i]++;
    }
}
