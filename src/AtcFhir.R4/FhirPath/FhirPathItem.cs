using AtcFhir.R4.Documents;

namespace AtcFhir.R4.FhirPath;

/// <summary>What a <see cref="FhirPathItem"/> holds: a node of a document, or a value of a System type. <see href="https://hl7.org/fhirpath/N1/#literals"/></summary>
public enum FhirPathKind : byte
{
    None,
    Node,
    Boolean,
    Integer,
    Decimal,
    String,
    Date,
    DateTime,
    Time,
    Quantity,
    /// <summary>The answer of <c>type()</c>: namespace and name of a type.</summary>
    TypeInfo,
}

/// <summary>One item of a FHIRPath collection: a node, or a literal value. The default is "no item".</summary>
public readonly partial struct FhirPathItem
{
    private readonly object? reference;
    private readonly int number;

    private FhirPathItem(FhirPathKind kind, object? reference, int number) => (Kind, this.reference, this.number) = (kind, reference, number);

    public FhirPathKind Kind { get; }

    public bool IsNode => Kind == FhirPathKind.Node;

    /// <summary>The node; the default node when this is a literal.</summary>
    public Node Node => Kind == FhirPathKind.Node ? new Node((ResourceDocument)reference!, number) : default;

    public static implicit operator FhirPathItem(Node node) => node.Exists ? new(FhirPathKind.Node, node.Document, node.Index) : default;

    public static implicit operator FhirPathItem(bool value) => new(FhirPathKind.Boolean, null, value ? 1 : 0);

    public static implicit operator FhirPathItem(int value) => new(FhirPathKind.Integer, null, value);

    public static implicit operator FhirPathItem(string value) => new(FhirPathKind.String, value, 0);
}
