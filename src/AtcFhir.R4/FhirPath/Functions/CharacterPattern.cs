using System.Collections.Concurrent;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>
/// The regular expressions that most invariants use, matched without the regex engine: <c>^[A-Z][0-9]{5}[.][0-9]{2}$</c>, one class of characters after
/// the other from the start of the text to its end, and <c>[ .-]</c>, one class anywhere. It finds what the engine finds; of any other pattern there is none.
/// </summary>
internal sealed class CharacterPattern
{
    private const int RememberedAtMost = 500;

    /// <summary>Classes hold ASCII characters only.</summary>
    private const int ClassSize = 128;

    private static readonly ConcurrentDictionary<string, CharacterPattern?> Known = new(StringComparer.Ordinal);

    private readonly List<Part> parts;
    private readonly bool isAnchored;

    private CharacterPattern(List<Part> parts, bool isAnchored) => (this.parts, this.isAnchored) = (parts, isAnchored);

    /// <summary>The pattern, or null when the regex engine has to do it.</summary>
    public static CharacterPattern? Find(string pattern)
    {
        if (!Known.TryGetValue(pattern, out var known))
        {
            known = Parse(pattern);
            if (Known.Count < RememberedAtMost)
            {
                Known[pattern] = known;
            }
        }

        return known;
    }

    /// <summary>Does it match somewhere in the text?</summary>
    public bool FindsIn(ReadOnlySpan<char> text)
    {
        if (!isAnchored)
        {
            foreach (var character in text)
            {
                if (parts[0].Has(character))
                {
                    return true;
                }
            }

            return false;
        }

        var at = 0;
        foreach (var part in parts)
        {
            var first = at;
            while (at < text.Length && at - first < part.Max && part.Has(text[at]))
            {
                at++;
            }

            if (at - first < part.Min)
            {
                return false;
            }
        }

        // To the engine the end is also before a line break at the end.
        return at == text.Length || (at == text.Length - 1 && text[at] == '\n');
    }

    private static CharacterPattern? Parse(string pattern)
    {
        var isAnchored = pattern.Length > 2 && pattern[0] == '^' && pattern[^1] == '$';
        var rest = isAnchored ? pattern.AsSpan(1, pattern.Length - 2) : pattern;
        var (parts, varying) = (new List<Part>(), new List<Part>());
        while (!rest.IsEmpty)
        {
            if (ReadClass(ref rest) is not { } characters || !ReadCount(ref rest, out var min, out var max))
            {
                return null;
            }

            var part = new Part(characters, min, max);

            // Each part takes all it can get. That is right where none that follows can want some of it: up to the first that has to be there.
            if (varying.Exists(part.Overlaps))
            {
                return null;
            }

            if (min > 0)
            {
                varying.Clear();
            }

            if (min != max)
            {
                varying.Add(part);
            }

            parts.Add(part);
        }

        return parts.Count > 0 && (isAnchored || parts is [{ Min: 1, Max: 1 }]) ? new CharacterPattern(parts, isAnchored) : null;
    }

    /// <summary>[…] of plain characters and ranges, or one character that stands for itself.</summary>
    private static bool[]? ReadClass(ref ReadOnlySpan<char> rest)
    {
        var characters = new bool[ClassSize];
        if (char.IsAsciiLetterOrDigit(rest[0]) || rest[0] is '-' or '_' or '/' or ':' or ' ')
        {
            characters[rest[0]] = true;
            rest = rest[1..];
            return characters;
        }

        var end = rest.IndexOf(']');
        if (rest[0] != '[' || end < 2 || rest[1] == '^')
        {
            return null;
        }

        var inside = rest[1..end];
        rest = rest[(end + 1)..];
        for (var i = 0; i < inside.Length; i++)
        {
            var (from, to) = (inside[i], inside[i]);
            if (i + 2 < inside.Length && inside[i + 1] == '-')
            {
                to = inside[i + 2];
                i += 2;
            }

            // Escapes, classes within a class and what is beyond ASCII are the engine's.
            if (from is '\\' or '[' || to is '\\' or '[' || from > to || to >= ClassSize || (to != from && !(char.IsAsciiLetterOrDigit(from) && char.IsAsciiLetterOrDigit(to))))
            {
                return null;
            }

            characters.AsSpan(from, to - from + 1).Fill(true);
        }

        return characters;
    }

    /// <summary>{n}, {n,m}, +, * or nothing.</summary>
    private static bool ReadCount(ref ReadOnlySpan<char> rest, out int min, out int max)
    {
        (min, max) = (1, 1);
        if (rest is ['+' or '*', ..])
        {
            (min, max) = (rest[0] == '+' ? 1 : 0, int.MaxValue);
            rest = rest[1..];
            return rest is not ['?' or '+' or '*' or '{', ..];
        }

        if (rest is not ['{', ..])
        {
            return rest is not ['?', ..];
        }

        var end = rest.IndexOf('}');
        if (end < 0)
        {
            return false;
        }

        var count = rest[1..end];
        rest = rest[(end + 1)..];
        var comma = count.IndexOf(',');
        return int.TryParse(comma < 0 ? count : count[..comma], NumberStyles.None, CultureInfo.InvariantCulture, out min)
            && int.TryParse(comma < 0 ? count : count[(comma + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out max)
            && min <= max && rest is not ['?' or '+' or '*' or '{', ..];
    }

    private sealed record Part(bool[] Characters, int Min, int Max)
    {
        public bool Has(char character) => character < ClassSize && Characters[character];

        public bool Overlaps(Part other) => Enumerable.Range(0, ClassSize).Any(i => Characters[i] && other.Characters[i]);
    }
}
