using System.Xml;

namespace AtcFhir.R4.Xml;

/// <summary>What XML 1.0 cannot hold. <see href="https://www.w3.org/TR/xml/#charsets"/></summary>
internal static class XmlCharacters
{
    /// <summary>The text, with U+FFFD in the place of each control character and noncharacter.</summary>
    public static string Representable(string text)
    {
        foreach (var c in text)
        {
            if (!IsAllowed(c))
            {
                return string.Concat(text.Select(other => IsAllowed(other) ? other : '\uFFFD'));
            }
        }

        return text;
    }

    private static bool IsAllowed(char c) => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c);
}
