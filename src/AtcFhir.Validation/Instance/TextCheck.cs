using System.Buffers;
using System.Text;
using AtcFhir.R4.Documents;

namespace AtcFhir.Validation.Instance;

/// <summary>Texts that look right and are not: hidden characters, HTML, white space around.</summary>
internal static class TextCheck
{
    /// <summary>An HTML tag starts with this; and the two bytes that start the marks which turn the direction of text.</summary>
    private static readonly SearchValues<byte> Suspicious = SearchValues.Create("<\u202a"u8[..2]);

    private const int MaxBytes = 1024 * 1024;

    public static void Check(Run run, Node node)
    {
        var raw = node.RawValue;
        if (raw.IsEmpty)
        {
            return;
        }

        if (raw.Length > MaxBytes)
        {
            run.Findings.Add(Rules.TextTooLong, node, $"The text has {raw.Length} bytes; at most {MaxBytes} are allowed.");
        }

        if ((raw[0] is (byte)' ' || raw[^1] is (byte)' ') && !IsInherited(node))
        {
            run.Findings.Add(Rules.WhiteSpace, node, "The text starts or ends with white space.");
        }

        if (raw.IndexOfAny(Suspicious) >= 0)
        {
            Look(run, node, raw);
        }
        else if (node.IsEscaped && raw.IndexOf("\\u"u8) >= 0 && Unescaped(node) is { } text)
        {
            Look(run, node, Encoding.UTF8.GetBytes(text));
        }
    }

    /// <summary>A snapshot repeats what the bases say, R4 among them; what the author of a profile wrote stands in the differential.</summary>
    private static bool IsInherited(Node node)
    {
        for (var at = node; at.Exists; at = at.Parent)
        {
            if (at.Element is { Path: "StructureDefinition.snapshot" })
            {
                return at.Parent.Child("derivation").TextEquals("constraint"u8) && at.Parent.Child("differential").Exists;
            }
        }

        return false;
    }

    /// <summary>Null of half a surrogate pair, which is no text.</summary>
    private static string? Unescaped(Node node)
    {
        try
        {
            return node.Text;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static void Look(Run run, Node node, ReadOnlySpan<byte> raw)
    {
        for (var i = 0; i < raw.Length - 1; i++)
        {
            if (raw[i] == (byte)'<' && node.Type.Name == "string" && IsTag(raw[(i + 1)..]))
            {
                run.Findings.Add(Rules.HtmlInText, node, "The text holds HTML tags; a reader may show them, or run what is in them.");
                return;
            }

            // U+202A..202E and U+2066..2069.
            if (raw[i] == 0xE2 && i + 2 < raw.Length && ((raw[i + 1] == 0x80 && raw[i + 2] is >= 0xAA and <= 0xAE) || (raw[i + 1] == 0x81 && raw[i + 2] is >= 0xA6 and <= 0xA9)))
            {
                run.Findings.Add(Rules.HiddenCharacters, node, "The text holds characters that change the direction of other characters; what one sees is not what is there.", severity: R4.Outcomes.IssueSeverity.Warning);
                return;
            }
        }
    }

    private static bool IsTag(ReadOnlySpan<byte> after)
    {
        var name = after is [(byte)'/', ..] ? after[1..] : after;
        var length = 0;
        while (length < name.Length && char.IsAsciiLetterOrDigit((char)name[length]))
        {
            length++;
        }

        return length > 0 && char.IsAsciiLetter((char)name[0]) && name[length..].IndexOf((byte)'>') >= 0;
    }
}
