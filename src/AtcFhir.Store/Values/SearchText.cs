using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace AtcFhir.Store.Values;

/// <summary>Strings as search compares them: without case, accents and surplus white space. <see href="https://hl7.org/fhir/R4/search.html#string"/></summary>
internal static class SearchText
{
    private static readonly FrozenDictionary<char, string> Folded = AccentTable.Rows
        .SelectMany(row => row.Skip(1).Select(letter => KeyValuePair.Create(letter, row[..1])))
        .Concat(AccentTable.Letters)
        .ToFrozenDictionary();

    /// <summary>Of the letters that one becomes.</summary>
    private static readonly int Longest = Folded.Values.Max(plain => plain.Length);

    public static string Fold(string text)
    {
        if (IsFolded(text))
        {
            return text;
        }

        var folded = ArrayPool<char>.Shared.Rent(text.Length * Longest);
        var length = 0;
        foreach (var original in text)
        {
            var letter = char.ToLowerInvariant(original);
            if (char.IsWhiteSpace(letter))
            {
                if (length > 0 && folded[length - 1] != ' ')
                {
                    folded[length++] = ' ';
                }
            }
            else if (letter >= 0x80 && Folded.TryGetValue(letter, out var plain))
            {
                plain.CopyTo(folded.AsSpan(length));
                length += plain.Length;
            }
            else if (letter is < '\u0300' or > '\u036F')
            {
                folded[length++] = letter;
            }
        }

        var result = folded.AsSpan(0, length).TrimEnd(' ').ToString();
        ArrayPool<char>.Shared.Return(folded);
        return result;
    }

    /// <summary>
    /// A token's code without case; accents stay. R4 leaves case to the code system and wants servers that do not know to be lenient.
    /// <see href="https://hl7.org/fhir/R4/search.html#token"/>
    /// </summary>
    public static string FoldCode(string code) => code.AsSpan().ContainsAnyInRange('A', 'Z') || !Ascii.IsValid(code) ? code.ToLowerInvariant() : code;

    /// <summary>The first string that does not start with <paramref name="prefix"/>, in the byte order of UTF-8.</summary>
    public static string After(string prefix) => prefix + "\U0010FFFF";

    private static bool IsFolded(string text)
    {
        var previous = ' ';
        foreach (var letter in text)
        {
            if (letter >= 0x80 || char.IsAsciiLetterUpper(letter) || letter < ' ' || (letter == ' ' && previous == ' '))
            {
                return false;
            }

            previous = letter;
        }

        return text.Length == 0 || previous != ' ';
    }
}
