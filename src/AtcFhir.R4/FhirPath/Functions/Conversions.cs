using AtcFhir.R4.FhirPath.Typing;
using AtcFhir.R4.FhirPath.Values;
using AtcFhir.R4.Values;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>toX() and convertsToX(). <see href="https://hl7.org/fhirpath/N1/#conversion"/></summary>
internal static class Conversions
{
    private delegate FhirPathItem Conversion(FhirPathItem input);

    public static IReadOnlyList<ScalarFunction> Functions { get; } =
    [
        .. Both(FhirPathKind.Boolean, ToBoolean),
        .. Both(FhirPathKind.Integer, ToInteger),
        .. Both(FhirPathKind.Decimal, ToDecimal),
        .. Both(FhirPathKind.String, ToText),
        .. Both(FhirPathKind.Date, static item => ToTemporal(item, FhirPathKind.Date)),
        .. Both(FhirPathKind.DateTime, static item => ToTemporal(item, FhirPathKind.DateTime)),
        .. Both(FhirPathKind.Time, static item => ToTemporal(item, FhirPathKind.Time)),
        new("toQuantity", KindSet.None, KindSet.Quantity, static (in call) => ToQuantity(call), 0, KindSet.String),
        new("convertsToQuantity", KindSet.None, KindSet.Boolean, static (in call) => ToQuantity(call).Exists, 0, KindSet.String),
    ];

    private static ScalarFunction[] Both(FhirPathKind kind, Conversion convert) =>
    [
        new("to" + kind, KindSet.None, Kinds.Of(kind), (in call) => convert(call.Input)),
        new("convertsTo" + kind, KindSet.None, KindSet.Boolean, (in call) => convert(call.Input).Exists),
    ];

    private static FhirPathItem ToBoolean(FhirPathItem item) => item.Kind switch
    {
        FhirPathKind.Boolean => item,
        FhirPathKind.Integer when item.Number is 0 or 1 => item.Number == 1,
        FhirPathKind.Decimal when item.Decimal.Equals(FhirDecimal.One) => true,
        FhirPathKind.Decimal when item.Decimal.Sign == 0 => false,
        FhirPathKind.String => item.String.ToUpperInvariant() switch
        {
            "TRUE" or "T" or "YES" or "Y" or "1" or "1.0" => true,
            "FALSE" or "F" or "NO" or "N" or "0" or "0.0" => false,
            _ => default(FhirPathItem),
        },
        _ => default,
    };

    private static FhirPathItem ToInteger(FhirPathItem item) => item.Kind switch
    {
        FhirPathKind.Integer => item,
        FhirPathKind.Boolean => item.IsTrue ? 1 : 0,
        FhirPathKind.String when int.TryParse(item.String, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) => integer,
        _ => default,
    };

    private static FhirPathItem ToDecimal(FhirPathItem item) => item.Kind switch
    {
        FhirPathKind.Decimal => item,
        FhirPathKind.Integer => FhirPathItem.Of(item.Decimal),
        FhirPathKind.Boolean => FhirPathItem.Of(AsDecimal(item.IsTrue)),
        FhirPathKind.String when !item.String.AsSpan().ContainsAny('e', 'E') => FhirPathItem.Of(DecimalReading.Parse(item.String.AsSpan())),
        _ => default,
    };

    /// <summary>1.0 or 0.0.</summary>
    private static FhirDecimal AsDecimal(bool value) => new(value ? 10 : 0, 1);

    private static FhirPathItem ToText(FhirPathItem item)
        => item.Kind is FhirPathKind.Node or FhirPathKind.TypeInfo ? default : item.Text is { } text ? text : default(FhirPathItem);

    private static FhirPathItem ToTemporal(FhirPathItem item, FhirPathKind kind)
    {
        if (item.Kind == kind)
        {
            return item;
        }

        return (item.Kind, kind) switch
        {
            (FhirPathKind.String, FhirPathKind.Time) => FhirPathItem.Of(kind, TemporalReading.Parse(kind, item.String.AsSpan().TrimStart('T'))),
            (FhirPathKind.String, _) => FhirPathItem.Of(kind, TemporalReading.Parse(kind, item.String.AsSpan())),
            (FhirPathKind.Date, FhirPathKind.DateTime) => FhirPathItem.Of(kind, item.Temporal),
            (FhirPathKind.DateTime, FhirPathKind.Date) => FhirPathItem.Of(kind, item.Temporal.ToDate(DateTimePrecision.Day)),
            _ => default,
        };
    }

    private static FhirPathItem ToQuantity(in ScalarCall call)
    {
        var quantity = call.Input.Kind switch
        {
            FhirPathKind.Boolean => new UnitQuantity(AsDecimal(call.Input.IsTrue), UnitQuantity.Unity),
            FhirPathKind.String => UnitQuantity.Parse(call.Input.String),
            _ => ItemArithmetic.AsQuantity(call.Input),
        };
        return quantity is null || !call.First.Exists ? FhirPathItem.Of(quantity) : FhirPathItem.Of(QuantityUnits.Convert(quantity, call.First.String));
    }
}
