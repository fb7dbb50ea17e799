using AtcFhir.R4.FhirPath.Typing;
using AtcFhir.R4.FhirPath.Values;
using AtcFhir.R4.Values;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>The math functions. <see href="https://hl7.org/fhirpath/N1/#math"/></summary>
internal static class Mathematics
{
    public static IReadOnlyList<ScalarFunction> Functions { get; } =
    [
        new("abs", KindSet.Measured, KindSet.None, Abs),
        new("ceiling", KindSet.Measured, KindSet.Measured, static (in call) => Whole(call.Input, static value => value.Ceiling())),
        new("floor", KindSet.Measured, KindSet.Measured, static (in call) => Whole(call.Input, static value => value.Floor())),
        new("truncate", KindSet.Measured, KindSet.Measured, static (in call) => Whole(call.Input, static value => value.Truncate())),
        new("round", KindSet.Measured, KindSet.Decimal | KindSet.Quantity, Round, 0, KindSet.Integer),
        new("exp", KindSet.Number, KindSet.Decimal, static (in call) => Computed(Math.Exp(call.Input.Decimal.ToDouble()))),
        new("ln", KindSet.Number, KindSet.Decimal, static (in call) => Computed(Math.Log(call.Input.Decimal.ToDouble()))),
        new("log", KindSet.Number, KindSet.Decimal, Log, 1, KindSet.Number),
        new("power", KindSet.Number, KindSet.Decimal, Power, 1, KindSet.Number),
        new("sqrt", KindSet.Number, KindSet.Decimal, static (in call) => Computed(Math.Sqrt(call.Input.Decimal.ToDouble()))),
    ];

    private static FhirPathItem Computed(double value) => FhirPathItem.Of(DecimalArithmetic.FromDouble(value));

    private static FhirPathItem Abs(in ScalarCall call) => call.Input.Kind switch
    {
        FhirPathKind.Integer => call.Input.Number == int.MinValue ? default(FhirPathItem) : Math.Abs(call.Input.Number),
        FhirPathKind.Decimal => FhirPathItem.Of(DecimalArithmetic.Abs(call.Input.Decimal)),
        _ => FhirPathItem.Of(call.Input.Quantity with { Value = DecimalArithmetic.Abs(call.Input.Quantity.Value) }),
    };

    private static FhirPathItem Whole(FhirPathItem input, Func<FhirDecimal, FhirDecimal> cut)
    {
        if (input.Kind == FhirPathKind.Quantity)
        {
            return FhirPathItem.Of(input.Quantity with { Value = cut(input.Quantity.Value) });
        }

        var value = cut(input.Decimal);
        return value.ToInteger() is { } integer ? integer : FhirPathItem.Of(value);
    }

    private static FhirPathItem Round(in ScalarCall call)
    {
        var digits = call.First.Exists ? call.First.Number : 0;
        if (digits < 0)
        {
            throw call.Fault("round() needs a precision of zero or more digits.");
        }

        return call.Input.Kind == FhirPathKind.Quantity
            ? FhirPathItem.Of(call.Input.Quantity with { Value = call.Input.Quantity.Value.Round(digits) })
            : FhirPathItem.Of(call.Input.Decimal.Round(digits));
    }

    private static FhirPathItem Log(in ScalarCall call)
    {
        var (value, b) = (call.Input.Decimal.ToDouble(), call.First.Decimal.ToDouble());
        return Computed(b switch
        {
            2 => Math.Log2(value),
            10 => Math.Log10(value),
            _ => Math.Log(value) / Math.Log(b),
        });
    }

    private static FhirPathItem Power(in ScalarCall call)
    {
        if (call.First.Decimal.ToInteger() is not { } exponent)
        {
            return Computed(Math.Pow(call.Input.Decimal.ToDouble(), call.First.Decimal.ToDouble()));
        }

        return Math.Abs((long)exponent) > 10_000 ? default : FhirPathItem.Of(DecimalArithmetic.Power(call.Input.Decimal, exponent));
    }
}
