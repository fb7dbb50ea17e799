using System.Text;
using System.Text.Json;
using AtcFhir.R4.Definitions;

namespace AtcFhir.R4.Documents;

/// <summary>
/// One element of a <see cref="ResourceDocument"/>: an occurrence in the FHIR sense, so each item of a JSON array is a node of its own,
/// and a primitive's <c>_name</c> sibling (id, extensions) is merged into it. A value type of 16 bytes; navigating allocates nothing.
/// The default value is "no node": its children are empty and its text is null.
/// </summary>
public readonly struct Node : IEquatable<Node>
{
    internal Node(ResourceDocument document, int index) => (Document, Index) = (document, index);

    public ResourceDocument Document { get; }

    /// <summary>Position on the tape; the root has 0. Parents come before their children.</summary>
    public int Index { get; }

    /// <summary>False for the default value.</summary>
    public bool Exists => Document is not null;

    private ref readonly TapeRow Row => ref Document.Rows[Index];

    /// <summary>The actual type: Quantity of valueQuantity, the resource type of a contained resource.</summary>
    public TypeSchema Type => R4Definitions.TypeAt(Row.Type);

    /// <summary>The element of the parent's type that this is an occurrence of; null for the root.</summary>
    public ElementSchema? Element => Row.Parent < 0 ? null : R4Definitions.TypeAt(Document.Rows[Row.Parent].Type).ElementArray[Row.Element];

    /// <summary>The FHIRPath name: "value" of valueQuantity; the resource type of the root.</summary>
    public string Name => Element?.Name ?? Type.Name;

    public Node Parent => Exists && Row.Parent >= 0 ? new Node(Document, Row.Parent) : default;

    /// <summary>True of the root, of contained resources and of Bundle.entry.resource.</summary>
    public bool IsResource => Exists && Type.IsResource;

    public bool IsPrimitive => Exists && Type.IsPrimitive;

    /// <summary>The nearest enclosing resource, itself included.</summary>
    public Node Resource
    {
        get
        {
            var node = this;
            while (node.Exists && !node.IsResource)
            {
                node = node.Parent;
            }

            return node;
        }
    }

    /// <summary>All children in document order.</summary>
    public NodeChildren Children => new(this, NodeChildren.AnyElement);

    /// <summary>The occurrences of one child element, by its FHIRPath name.</summary>
    public NodeChildren ChildrenOf(string name)
        => Exists && PropertyTable.Of(Type).FindElement(name) is { } element ? new NodeChildren(this, element.Ordinal) : default;

    /// <summary>The occurrences of one child element; none when the element is not one of this node's type.</summary>
    public NodeChildren ChildrenOf(ElementSchema element)
        => Exists && Type.ElementArray is var elements && element.Ordinal < elements.Length && ReferenceEquals(elements[element.Ordinal], element)
            ? new NodeChildren(this, element.Ordinal)
            : default;

    /// <summary>The first occurrence of a child element, or no node.</summary>
    public Node Child(string name) => ChildrenOf(name).First;

    /// <summary>The first occurrence of the child element with that ordinal, or no node; -1 is none.</summary>
    internal Node Child(int ordinal) => Exists && ordinal >= 0 ? new NodeChildren(this, ordinal).First : default;

    /// <summary>One bit, by ordinal, for each element that has an occurrence below this node. A type has at most 64.</summary>
    internal ulong PresentElements
    {
        get
        {
            var rows = Document.Rows;
            var present = 0UL;
            for (var child = rows[Index].FirstChild; child >= 0; child = rows[child].Next)
            {
                ResourceDocument.CountLook();
                present |= 1UL << rows[child].Element;
            }

            return present;
        }
    }

    /// <summary>0-based position among the occurrences of the same element.</summary>
    public int Repetition => Row.Repetition;

    /// <summary>True of a primitive with a JSON value of its own (it may have extensions only).</summary>
    public bool HasValue => Exists && Row.HasValue;

    /// <summary>The JSON text of a primitive's value: a number, true or false as written, a string without its quotes and still escaped. Empty without a value.</summary>
    public ReadOnlySpan<byte> RawValue
    {
        get
        {
            if (!HasValue)
            {
                return default;
            }

            ref readonly var row = ref Row;
            return row.Kind == JsonTokenType.String ? Document.Utf8.Span[(row.Start + 1)..(row.End - 1)] : Document.Utf8.Span[row.Start..row.End];
        }
    }

    /// <summary>True when <see cref="RawValue"/> contains a JSON escape.</summary>
    public bool IsEscaped => Exists && Row.IsEscaped;

    /// <summary>String, Number, True or False; None without a value; StartObject of a complex element.</summary>
    public JsonTokenType ValueKind => Exists && Row.End > 0 ? Row.Kind : JsonTokenType.None;

    /// <summary>A primitive's value as text, unescaped; null without a value.</summary>
    public string? Text
    {
        get
        {
            if (!HasValue)
            {
                return null;
            }

            if (!Row.IsEscaped)
            {
                return Encoding.UTF8.GetString(RawValue);
            }

            var reader = new Utf8JsonReader(JsonSpan);
            reader.Read();
            return reader.GetString();
        }
    }

    /// <summary>The JSON of this occurrence with quotes or braces; empty for a primitive without a value. The _name sibling is not part of it.</summary>
    public ReadOnlySpan<byte> JsonSpan => Exists ? Document.Utf8.Span[Row.Start..Row.End] : default;

    /// <summary>The same, to be kept as long as the bytes of the document are.</summary>
    public ReadOnlyMemory<byte> JsonMemory => Exists ? Document.Utf8[Row.Start..Row.End] : default;

    /// <summary>Where <see cref="JsonSpan"/> stands in the document's bytes.</summary>
    public Range JsonRange => Row.Start..Row.End;

    /// <summary>FHIRPath from the root of the document: "Observation.component[1].value". Brackets stand only behind elements that may repeat, or do.</summary>
    public string Expression => Exists ? string.Create(ExpressionLength(), this, static (text, node) => node.WriteExpression(text)) : "";

    private int ExpressionLength()
    {
        var length = 0;
        var node = this;
        for (; node.Element is { } element; node = node.Parent)
        {
            length += 1 + element.Name.Length + (node.IsNumbered(element) ? 2 + Digits(node.Repetition) : 0);
        }

        return length + node.Type.Name.Length;
    }

    /// <summary>From the end to the start, as the way from a node to its root goes.</summary>
    private void WriteExpression(Span<char> text)
    {
        var node = this;
        for (; node.Element is { } element; node = node.Parent)
        {
            if (node.IsNumbered(element))
            {
                var digits = Digits(node.Repetition);
                text[^1] = ']';
                node.Repetition.TryFormat(text[^(digits + 1)..], out _, default, CultureInfo.InvariantCulture);
                text[^(digits + 2)] = '[';
                text = text[..^(digits + 2)];
            }

            element.Name.CopyTo(text[^element.Name.Length..]);
            text[^(element.Name.Length + 1)] = '.';
            text = text[..^(element.Name.Length + 1)];
        }

        node.Type.Name.CopyTo(text);
    }

    private bool IsNumbered(ElementSchema element) => element.IsList || IsOneOfSeveral;

    private static int Digits(int number)
    {
        var digits = 1;
        for (; number >= 10; number /= 10)
        {
            digits++;
        }

        return digits;
    }

    /// <summary>True of what stands in an array, or twice, though its element may not repeat.</summary>
    private bool IsOneOfSeveral => Repetition > 0 || (Row.Next >= 0 && Document.Rows[Row.Next].Element == Row.Element);

    /// <summary>One-based line and column (in characters) of the value; of a primitive that has none, of its parent. In an XML document: of the XML text.</summary>
    public (int Line, int Column) Position
    {
        get
        {
            if (!Exists)
            {
                return (1, 1);
            }

            return Row.End == 0 && Row.Parent >= 0 ? Parent.Position : Document.PositionAt(Row.Start);
        }
    }

    /// <summary>Compares the unescaped value without allocating.</summary>
    public bool TextEquals(ReadOnlySpan<byte> utf8) => HasValue && (Row.IsEscaped ? UnescapedEquals(utf8) : RawValue.SequenceEqual(utf8));

    private bool UnescapedEquals(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(JsonSpan);
        reader.Read();
        return reader.ValueTextEquals(utf8);
    }

    /// <inheritdoc cref="TextEquals(ReadOnlySpan{byte})"/>
    public bool TextEquals(string text)
        => HasValue && (Row.IsEscaped || !Ascii.IsValid(text) ? Text == text : Ascii.Equals(RawValue, text));

    public bool Equals(Node other) => ReferenceEquals(Document, other.Document) && Index == other.Index;

    public override bool Equals(object? obj) => obj is Node other && Equals(other);

    public override int GetHashCode() => Index;

    public override string ToString() => Expression;

    public static bool operator ==(Node left, Node right) => left.Equals(right);

    public static bool operator !=(Node left, Node right) => !left.Equals(right);
}
