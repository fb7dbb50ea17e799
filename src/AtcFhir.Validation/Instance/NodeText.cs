using System.Text;
using System.Text.Json;
using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>The text of a primitive as characters, without allocating where it is short.</summary>
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
        if (raw.Length > buffer.Length)
        {
            return node.Text;
        }

        return buffer[..(node.IsEscaped ? Unescape(node, buffer) : Encoding.UTF8.GetChars(raw, buffer))];
    }

    private static int Unescape(Node node, Span<char> buffer)
    {
        var reader = new Utf8JsonReader(node.JsonSpan);
        reader.Read();
        return reader.CopyString(buffer);
    }

    /// <summary>How many characters a reader counts: a pair of surrogates is one.</summary>
    public static int Characters(string text) => text.Length - text.Count(char.IsLowSurrogate);
}
