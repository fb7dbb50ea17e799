using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath.Values;
using AtcFhir.R4.Values;

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
public readonly struct FhirPathItem
{
    private readonly object? reference;
    private readonly int number;

    private FhirPathItem(FhirPathKind kind, object? reference, int number) => (Kind, this.reference, this.number) = (kind, reference, number);

    public FhirPathKind Kind { get; }

    public bool IsNode => Kind == FhirPathKind.Node;

    /// <summary>False for the default.</summary>
    public bool Exists => Kind != FhirPathKind.None;

    /// <summary>The node; the default node when this is a literal.</summary>
    public Node Node => Kind == FhirPathKind.Node ? new Node((ResourceDocument)reference!, number) : default;

    /// <summary>"System.Integer", "FHIR.code", "FHIR.Patient"; a backbone element by its path, "FHIR.Observation.component".</summary>
    public string TypeName => Kind switch
    {
        FhirPathKind.Node => "FHIR." + Node.Type.Name,
        FhirPathKind.TypeInfo => "System.ClassInfo",
        _ => "System." + Kind,
    };

    /// <summary>The value of a Boolean, or of a node of that type; null for anything else.</summary>
    public bool? Boolean => ToSystem() is { Kind: FhirPathKind.Boolean } item ? item.number != 0 : null;

    /// <summary>The value of an Integer, or of a node of an integer type; null for anything else.</summary>
    public int? Integer => ToSystem() is { Kind: FhirPathKind.Integer } item ? item.number : null;

    /// <summary>
    /// The value as text: a string as it is, a decimal with its digits, a date in ISO 8601 with the precision that it has, a quantity as in an expression.
    /// Null for a node that is no primitive or has no value.
    /// </summary>
    public string? Text => Kind switch
    {
        FhirPathKind.None => null,
        FhirPathKind.Node => Node.Text,
        FhirPathKind.Boolean => number != 0 ? "true" : "false",
        FhirPathKind.Integer => number.ToString(CultureInfo.InvariantCulture),
        FhirPathKind.TypeInfo => Type.Namespace + "." + Type.Name,
        _ => reference!.ToString(),
    };

    internal bool IsTrue => number != 0;

    internal int Number => number;

    internal string String => (string)reference!;

    internal FhirDateTime Temporal => (FhirDateTime)reference!;

    internal UnitQuantity Quantity => (UnitQuantity)reference!;

    internal Values.ValueType Type => (Values.ValueType)reference!;

    /// <summary>The value of an Integer or Decimal.</summary>
    internal FhirDecimal Decimal => Kind == FhirPathKind.Integer ? new FhirDecimal(number) : (FhirDecimal)reference!;

    public static implicit operator FhirPathItem(Node node) => node.Exists ? new(FhirPathKind.Node, node.Document, node.Index) : default;

    public static implicit operator FhirPathItem(bool value) => new(FhirPathKind.Boolean, null, value ? 1 : 0);

    public static implicit operator FhirPathItem(int value) => new(FhirPathKind.Integer, null, value);

    public static implicit operator FhirPathItem(string value) => new(FhirPathKind.String, value, 0);

    public override string ToString() => Text ?? TypeName;

    internal static FhirPathItem Of(bool? value) => value is { } known ? known : default(FhirPathItem);

    internal static FhirPathItem Of(FhirDecimal? value) => value is null ? default : new(FhirPathKind.Decimal, value, 0);

    /// <summary>A Date, DateTime or Time.</summary>
    internal static FhirPathItem Of(FhirPathKind kind, FhirDateTime? value) => value is null ? default : new(kind, value, 0);

    internal static FhirPathItem Of(UnitQuantity? value) => value is null ? default : new(FhirPathKind.Quantity, value, 0);

    internal static FhirPathItem Of(Values.ValueType value) => new(FhirPathKind.TypeInfo, value, 0);

    /// <summary>The System value of a primitive or Quantity node; no item when the primitive has no value; other nodes and literals as they are.</summary>
    internal FhirPathItem ToSystem() => Kind == FhirPathKind.Node ? NodeValue.Of(Node) : this;
}
