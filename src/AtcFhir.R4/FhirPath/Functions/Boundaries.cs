using AtcFhir.R4.FhirPath.Typing;
using AtcFhir.R4.FhirPath.Values;
using AtcFhir.R4.Values;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>precision(), lowBoundary(), highBoundary() and the parts of dates. <see href="https://hl7.org/fhirpath/#lowboundary"/></summary>
internal static class Boundaries
{
    // The digits that a decimal may be given: those of .NET's decimal, well above the eight of the standard.
    private const int MaxDecimalDigits = 28;

    private const int DefaultDecimalDigits = 8;

    public static IReadOnlyList<ScalarFunction> Functions { get; } =
    [
        new("precision", KindSet.Number | KindSet.Temporal, KindSet.Integer, static (in call) => Precision(call.Input)),
        new("lowBoundary", KindSet.Measured | KindSet.Temporal, KindSet.None, static (in call) => Boundary(call, high: false), 0, KindSet.Integer),
        new("highBoundary", KindSet.Measured | KindSet.Temporal, KindSet.None, static (in call) => Boundary(call, high: true), 0, KindSet.Integer),
        new("yearOf", KindSet.Date | KindSet.DateTime, KindSet.Integer, static (in call) => call.Input.Temporal.Year),
        new("monthOf", KindSet.Date | KindSet.DateTime, KindSet.Integer, static (in call) => Part(call.Input.Temporal, DateTimePrecision.Month, call.Input.Temporal.Month)),
        new("dayOf", KindSet.Date | KindSet.DateTime, KindSet.Integer, static (in call) => Part(call.Input.Temporal, DateTimePrecision.Day, call.Input.Temporal.Day)),
        new("hourOf", KindSet.DateTime | KindSet.Time, KindSet.Integer, static (in call) => Part(call.Input.Temporal, DateTimePrecision.Hour, call.Input.Temporal.Hour)),
        new("minuteOf", KindSet.DateTime | KindSet.Time, KindSet.Integer, static (in call) => Part(call.Input.Temporal, DateTimePrecision.Minute, call.Input.Temporal.Minute)),
        new("secondOf", KindSet.DateTime | KindSet.Time, KindSet.Integer, static (in call) => Part(call.Input.Temporal, DateTimePrecision.Second, call.Input.Temporal.Second)),
        new("millisecondOf", KindSet.DateTime | KindSet.Time, KindSet.Integer, static (in call) => call.Input.Temporal.FractionDigits == 0 ? default(FhirPathItem) : call.Input.Temporal.Nanosecond / 1_000_000),
        new("timezoneOffsetOf", KindSet.DateTime, KindSet.Decimal, static (in call) => call.Input.Temporal.OffsetMinutes is { } minutes ? FhirPathItem.Of(DecimalArithmetic.Divide(new FhirDecimal(minutes), new FhirDecimal(60))) : default),
    ];

    private static FhirPathItem Part(FhirDateTime value, DateTimePrecision precision, int part) => value.Precision < precision ? default(FhirPathItem) : part;

    private static FhirPathItem Precision(FhirPathItem item) => item.Kind switch
    {
        FhirPathKind.Integer => 0,
        FhirPathKind.Decimal => item.Decimal.Scale,
        _ => TemporalBoundary.Digits(item.Temporal),
    };

    private static FhirPathItem Boundary(in ScalarCall call, bool high)
    {
        int? digits = call.First.Exists ? call.First.Number : null;
        switch (call.Input.Kind)
        {
            case FhirPathKind.Integer or FhirPathKind.Decimal:
                return FhirPathItem.Of(OfDecimal(call.Input.Decimal, digits, high));
            case FhirPathKind.Quantity:
                return OfDecimal(call.Input.Quantity.Value, digits, high) is { } value ? FhirPathItem.Of(call.Input.Quantity with { Value = value }) : default;
            default:
                return FhirPathItem.Of(call.Input.Kind, TemporalBoundary.Of(call.Input.Kind, call.Input.Temporal, digits, high));
        }
    }

    /// <summary>
    /// Half a unit of the last digit outwards, then brought to the precision: what lies farther from zero is rounded, what lies nearer is cut.
    /// So the examples of the standard come out: 1.587 is 1.58 to 1.59, -1.587 is -1.59 to -1.58.
    /// </summary>
    private static FhirDecimal? OfDecimal(FhirDecimal value, int? digits, bool high)
    {
        var scale = digits ?? DefaultDecimalDigits;
        if (scale is < 0 or > MaxDecimalDigits)
        {
            return null;
        }

        var halfStep = new FhirDecimal(5, value.Scale + 1);
        var boundary = high ? DecimalArithmetic.Add(value, halfStep) : DecimalArithmetic.Subtract(value, halfStep);
        var outwards = value.Sign == 0 || high == value.Sign > 0;
        return outwards ? boundary?.Round(scale).WithScaleAtLeast(scale) : boundary?.Cut(scale);
    }
}
