using System.Buffers.Text;
using System.Text.Json;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Values;

namespace AtcFhir.R4.FhirPath.Values;

/// <summary>The implicit conversion of FHIR types to System types. <see href="https://hl7.org/fhir/R4/fhirpath.html#types"/></summary>
internal static class NodeValue
{
    private static readonly TypeSchema? QuantityType = R4Definitions.Find("Quantity");

    /// <summary>The System kind of a FHIR type; None when it has none.</summary>
    public static FhirPathKind KindOf(TypeSchema type) => type.Primitive switch
    {
        PrimitiveKind.None => type.Is(QuantityType!) ? FhirPathKind.Quantity : FhirPathKind.None,
        PrimitiveKind.Boolean => FhirPathKind.Boolean,
        PrimitiveKind.Integer or PrimitiveKind.UnsignedInt or PrimitiveKind.PositiveInt => FhirPathKind.Integer,
        PrimitiveKind.Decimal => FhirPathKind.Decimal,
        PrimitiveKind.Date => FhirPathKind.Date,
        PrimitiveKind.DateTime or PrimitiveKind.Instant => FhirPathKind.DateTime,
        PrimitiveKind.Time => FhirPathKind.Time,
        _ => FhirPathKind.String,
    };

    /// <summary>
    /// The node's System value; no item for a primitive without a value, or a Quantity that is not one number (no value, or "more than" one);
    /// the node itself when its type has no System type.
    /// </summary>
    public static FhirPathItem Of(Node node)
    {
        var kind = KindOf(node.Type);
        if (kind == FhirPathKind.None)
        {
            return node;
        }

        if (kind == FhirPathKind.Quantity)
        {
            return FhirPathItem.Of(OfQuantity(node));
        }

        if (!node.HasValue)
        {
            return default;
        }

        switch (kind)
        {
            case FhirPathKind.Boolean when node.ValueKind is JsonTokenType.True or JsonTokenType.False:
                return node.ValueKind == JsonTokenType.True;
            case FhirPathKind.Integer when Utf8Parser.TryParse(node.RawValue, out int integer, out var used) && used == node.RawValue.Length:
                return integer;
            case FhirPathKind.Decimal or FhirPathKind.Integer when Number(node) is { } number:
                return FhirPathItem.Of(number);
            case FhirPathKind.Date or FhirPathKind.DateTime or FhirPathKind.Time when Temporal(kind, node) is { } temporal:
                return FhirPathItem.Of(kind, temporal);
            default:
                // A value that is not of its type (the structure check reports it) is still its text.
                return node.Text!;
        }
    }

    /// <summary>The value of an Integer or Decimal, or of a node that has one; null of all else.</summary>
    public static FhirDecimal? NumberOf(FhirPathItem item) => item.Kind switch
    {
        FhirPathKind.Integer or FhirPathKind.Decimal => item.Decimal,
        FhirPathKind.Node when KindOf(item.Node.Type) is FhirPathKind.Integer or FhirPathKind.Decimal && item.Node.HasValue => Number(item.Node),
        _ => null,
    };

    /// <summary>The value of a Date or DateTime, or of a node that has one; null of all else.</summary>
    public static FhirDateTime? MomentOf(FhirPathItem item) => item.Kind switch
    {
        FhirPathKind.Date or FhirPathKind.DateTime => item.Temporal,
        FhirPathKind.Node when KindOf(item.Node.Type) is var kind && kind is FhirPathKind.Date or FhirPathKind.DateTime && item.Node.HasValue => Temporal(kind, item.Node),
        _ => null,
    };

    /// <summary>The values of two Quantities whose unit is written alike; null of all else.</summary>
    public static (FhirDecimal Left, FhirDecimal Right)? NumbersOverOneUnit(Node left, Node right)
    {
        var haveOneUnit = KindOf(left.Type) == FhirPathKind.Quantity && KindOf(right.Type) == FhirPathKind.Quantity
            && IsNumber(left) && IsNumber(right)
            && AreWrittenAlike(left.Child("code"), right.Child("code")) && AreWrittenAlike(left.Child("unit"), right.Child("unit")) && AreWrittenAlike(left.Child("system"), right.Child("system"));
        return haveOneUnit && Number(left.Child("value")) is { } one && Number(right.Child("value")) is { } other ? (one, other) : null;
    }

    /// <summary>"More than 5" is none.</summary>
    private static bool IsNumber(Node quantity) => !quantity.Child("comparator").Exists && quantity.Child("value").HasValue;

    private static bool AreWrittenAlike(Node left, Node right) => left.HasValue == right.HasValue && left.RawValue.SequenceEqual(right.RawValue);

    private static FhirDecimal? Number(Node node) => node.IsEscaped ? DecimalReading.Parse(node.Text.AsSpan()) : DecimalReading.Parse(node.RawValue);

    private static FhirDateTime? Temporal(FhirPathKind kind, Node node)
        => node.IsEscaped ? TemporalReading.Parse(kind, node.Text.AsSpan()) : TemporalReading.Parse(kind, node.RawValue);

    private static UnitQuantity? OfQuantity(Node node)
    {
        if (!IsNumber(node) || Number(node.Child("value")) is not { } value)
        {
            return null;
        }

        var (code, unit) = (node.Child("code"), node.Child("unit"));
        if (!code.HasValue && !unit.HasValue)
        {
            return new UnitQuantity(value, UnitQuantity.Unity, UnitSystem.Resource);
        }

        return code.HasValue && node.Child("system").TextEquals("http://unitsofmeasure.org"u8)
            ? new UnitQuantity(value, code.Text!, UnitSystem.Resource)
            : new UnitQuantity(value, code.Text ?? unit.Text!, UnitSystem.Other);
    }
}
