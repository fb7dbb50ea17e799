using System.Collections.Frozen;

namespace AtcFhir.Validation.Terminology;

/// <summary>
/// The registered parts of language tags, from the table beside this file, which says of which day it is; in lower case.
/// <see href="https://www.iana.org/assignments/language-subtag-registry"/>
/// </summary>
internal static class LanguageSubtags
{
    private static readonly FrozenDictionary<string, string> Lines = ReadLines();

    public static FrozenSet<string> Extended { get; } = Words("extlang");

    public static FrozenSet<string> Scripts { get; } = Words("script");

    public static FrozenSet<string> Regions { get; } = Words("region");

    public static FrozenSet<string> Variants { get; } = Words("variant");

    /// <summary>Whole tags from before the present rules: i-klingon, en-gb-oed.</summary>
    public static FrozenSet<string> Grandfathered { get; } = Words("grandfathered");

    private static readonly FrozenSet<string> OfTwoLetters = Words("language");

    /// <summary>All languages, those of three letters included.</summary>
    public static IEnumerable<string> Languages
        => OfTwoLetters.Concat(Lines.Where(line => line.Key.Length == 2).SelectMany(line => line.Value.Select(third => line.Key + third)));

    public static bool HasLanguage(string subtag)
        => subtag.Length == 3 ? Lines.TryGetValue(subtag[..2], out var thirds) && thirds.Contains(subtag[2], StringComparison.Ordinal) : OfTwoLetters.Contains(subtag);

    private static FrozenSet<string> Words(string name) => Lines[name].Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>By the first word; lines that begin alike are one.</summary>
    private static FrozenDictionary<string, string> ReadLines()
    {
        using var reader = new StreamReader(typeof(LanguageSubtags).Assembly.GetManifestResourceStream("language-subtags.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')
            .Select(line => line.Split(' ', 2)).GroupBy(line => line[0], line => line[1])
            .ToFrozenDictionary(lines => lines.Key, lines => string.Join(' ', lines), StringComparer.Ordinal);
    }
}
