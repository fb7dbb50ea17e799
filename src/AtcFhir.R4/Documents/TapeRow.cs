using System.Text.Json;

namespace AtcFhir.R4.Documents;

/// <summary>One element occurrence on the tape. Links are row numbers, -1 for none; offsets are bytes of the document.</summary>
internal struct TapeRow
{
    public int Parent;
    public int FirstChild;
    public int Next;

    /// <summary>Offsets of the JSON of this occurrence, quotes and braces included; both 0 when a primitive has no value.</summary>
    public int Start;
    public int End;

    /// <summary>0-based position among the occurrences of the same element.</summary>
    public int Repetition;

    /// <summary>Ordinal of the actual type in R4Definitions.Types.</summary>
    public ushort Type;

    /// <summary>Ordinal of the element in the parent's type; <see cref="NoElement"/> for the root.</summary>
    public ushort Element;

    public JsonTokenType Kind;

    public bool IsEscaped;

    /// <summary>
    /// True of a string or markdown that has no escape, no &lt;, no byte that starts a mark of direction, and no space at its ends: as it is, nobody has to look at it. Such
    /// a text may be false here too.
    /// </summary>
    public bool IsPlainText;

    /// <summary>True of a primitive that has a value: only of these the token is one.</summary>
    public readonly bool HasValue => End > 0 && Kind is >= JsonTokenType.String and <= JsonTokenType.False;

    public const ushort NoElement = ushort.MaxValue;
}
