using System.Text.Json;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.Validation.Terminology;

namespace AtcFhir.Validation.Instance;

/// <summary>Where a type that carries a code (Coding, Quantity and its kin) has the parts of it; -1 where it has not.</summary>
internal readonly record struct CodedElements(int System, int Version, int Code, int Display)
{
    public static CodedElements Of(TypeSchema type) => new(Ordinal(type, "system"), Ordinal(type, "version"), Ordinal(type, "code"), Ordinal(type, "display"));

    private static int Ordinal(TypeSchema type, string name) => type.Find(name)?.Ordinal ?? -1;
}

/// <summary>System, version, code and display of a coding as one text, to remember answers by.</summary>
internal static class CodingKey
{
    /// <summary>JSON strings hold no raw control character, so this cannot be part of one.</summary>
    private const byte Separator = 0;

    /// <summary>The key, in the buffer; empty when there is none: a part is escaped or empty, or all together are too long.</summary>
    public static ReadOnlySpan<byte> Of(Node coding, Span<byte> buffer)
    {
        var elements = BaseRules.Of(coding.Type.Ordinal).Coded;
        if (elements.Code < 0)
        {
            return default;
        }

        var document = coding.Document;
        var rows = document.Rows;
        int system = -1, version = -1, code = -1, display = -1;
        for (var child = rows[coding.Index].FirstChild; child >= 0; child = rows[child].Next)
        {
            var element = rows[child].Element;
            if (element == elements.System)
            {
                system = child;
            }
            else if (element == elements.Code)
            {
                code = child;
            }
            else if (element == elements.Display)
            {
                display = child;
            }
            else if (element == elements.Version)
            {
                version = child;
            }
        }

        var length = 0;
        return Append(document, system, buffer, ref length) && Append(document, version, buffer, ref length)
            && Append(document, code, buffer, ref length) && Append(document, display, buffer, ref length)
            ? buffer[..length]
            : default;
    }

    /// <summary>The same for a primitive value.</summary>
    public static ReadOnlySpan<byte> OfPrimitive(Node primitive) => primitive is { HasValue: true, IsEscaped: false } && primitive.RawValue is { Length: > 0 and <= Utf8Memo<KnownCode>.LongestKey } raw ? raw : default;

    /// <param name="part">The row of the part; -1 where there is none.</param>
    private static bool Append(ResourceDocument document, int part, Span<byte> buffer, ref int length)
    {
        if (part >= 0 && document.Rows[part] is { End: > 0 } row)
        {
            var raw = row.Kind == JsonTokenType.String ? document.Utf8.Span[(row.Start + 1)..(row.End - 1)] : document.Utf8.Span[row.Start..row.End];
            if (raw.IsEmpty || row.IsEscaped || raw.Length >= buffer.Length - length)
            {
                return false;
            }

            raw.CopyTo(buffer[length..]);
            length += raw.Length;
        }
        else if (length >= buffer.Length)
        {
            return false;
        }

        buffer[length++] = Separator;
        return true;
    }
}

/// <summary>What is known of the coding at hand, which is asked about by its binding, by that of a profile and for itself, one after the other.</summary>
internal sealed class CodingKeys
{
    private readonly byte[] buffer = new byte[Utf8Memo<KnownCode>.LongestKey];
    private Node last;
    private KnownCode? known;

    /// <summary>Null when nothing can be remembered of it.</summary>
    public KnownCode? Of(TerminologyService terminology, Node coding)
    {
        if (coding != last)
        {
            (last, known) = (coding, CodingKey.Of(coding, buffer) is { IsEmpty: false } key ? terminology.Known(key) : null);
        }

        return known;
    }

    /// <summary>Lets go of the document.</summary>
    public void Forget() => (last, known) = (default, null);
}
