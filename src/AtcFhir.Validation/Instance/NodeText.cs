using System.Text;
using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>The text of a primitive as characters without allocating, where it is short and has no escapes.</summary>
internal static class NodeText
{
    /// <summary>Long enough for nearly every code, system and reference.</summary>
    public const int Usual = 256;

    /// <summary>Empty without a value.</summary>
    /// <param name="buffer">May hold the answer.</param>
    public static ReadOnlySpan<char> Chars(this Node node, Span<char> buffer)
    {
        if (!node.HasValue)
        {
            return default;
        }

        var raw = node.RawValue;
        return node.IsEscaped || raw.Length > buffer.Length ? node.Text : buffer[..Encoding.UTF8.GetChars(raw, buffer)];
    }

    /// <summary>How many characters a reader counts: a pair of surrogates is one.</summary>
    public static int Characters(string text) => text.Length - text.Count(char.IsLowSurrogate);
}
