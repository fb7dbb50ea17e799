namespace AtcFhir.Validation.Terminology;

/// <summary>
/// Valid language tags: well-formed, of registered subtags, with no variant or extension twice. What stands after a single letter (extensions, private use)
/// is checked for its form only. <see href="https://www.rfc-editor.org/rfc/rfc5646#section-2.2.9"/>
/// </summary>
internal static class LanguageTag
{
    public static bool IsValid(string tag)
    {
        var lower = tag.ToLowerInvariant();
        var parts = lower.Split('-');
        if (parts[0] == "x")
        {
            return parts.Length > 1 && Array.TrueForAll(parts[1..], part => IsAlphanumeric(part, 1, 8));
        }

        if (LanguageSubtags.Grandfathered.Contains(lower))
        {
            return true;
        }

        if (!LanguageSubtags.HasLanguage(parts[0]))
        {
            return false;
        }

        var at = 1;
        for (var extended = 0; extended < 3 && at < parts.Length && IsLetters(parts[at], 3); extended++)
        {
            if (!LanguageSubtags.Extended.Contains(parts[at++]))
            {
                return false;
            }
        }

        if (at < parts.Length && IsLetters(parts[at], 4) && !LanguageSubtags.Scripts.Contains(parts[at++]))
        {
            return false;
        }

        if (at < parts.Length && (IsLetters(parts[at], 2) || (parts[at].Length == 3 && parts[at].All(char.IsAsciiDigit))) && !LanguageSubtags.Regions.Contains(parts[at++]))
        {
            return false;
        }

        return HasVariantsAndExtensions(parts.AsSpan(at));
    }

    private static bool HasVariantsAndExtensions(ReadOnlySpan<string> parts)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var at = 0;
        while (at < parts.Length && parts[at].Length > 1)
        {
            if (!LanguageSubtags.Variants.Contains(parts[at]) || !seen.Add(parts[at++]))
            {
                return false;
            }
        }

        while (at < parts.Length)
        {
            var single = parts[at++];
            var (first, least) = (at, single == "x" ? 1 : 2);
            if (single.Length != 1 || !char.IsAsciiLetterOrDigit(single[0]) || !seen.Add(single))
            {
                return false;
            }

            // All that follows an x is private.
            while (at < parts.Length && IsAlphanumeric(parts[at], least, 8))
            {
                at++;
            }

            if (at == first || (single == "x" && at < parts.Length))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsLetters(string part, int length) => part.Length == length && part.All(char.IsAsciiLetter);

    private static bool IsAlphanumeric(string part, int min, int max) => part.Length >= min && part.Length <= max && part.All(char.IsAsciiLetterOrDigit);
}
