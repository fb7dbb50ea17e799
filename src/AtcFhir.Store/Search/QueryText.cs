using System.Text;

namespace AtcFhir.Store.Search;

/// <summary>The texts of a query: URL encoding, and the escapes of R4. <see href="https://hl7.org/fhir/R4/search.html#escaping"/></summary>
internal static class QueryText
{
    public static IEnumerable<KeyValuePair<string, string>> Decode(string queryString)
    {
        foreach (var pair in queryString.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            yield return equals < 0 ? new(DecodePart(pair), "") : new(DecodePart(pair[..equals]), DecodePart(pair[(equals + 1)..]));
        }
    }

    /// <summary>Parts between separators that are not escaped; the parts keep their escapes.</summary>
    public static List<string> Split(string text, char separator)
    {
        var (parts, start) = (new List<string>(), 0);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\')
            {
                at++;
            }
            else if (text[at] == separator)
            {
                parts.Add(text[start..at]);
                start = at + 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }

    /// <summary>Takes the escapes out: <c>\,</c> <c>\|</c> <c>\$</c> <c>\\</c>.</summary>
    public static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] is ',' or '|' or '$' or '\\')
            {
                at++;
            }

            plain.Append(text[at]);
        }

        return plain.ToString();
    }

    private static string DecodePart(string part) => Uri.UnescapeDataString(part.Replace('+', ' '));
}
