using AtcFhir.R4.Values;

namespace AtcFhir.R4.FhirPath.Values;

/// <summary>+ - * / div mod on two System values. No item is "no result": overflow, division by zero, units that do not go together. <see href="https://hl7.org/fhirpath/N1/#math"/></summary>
internal static class ItemArithmetic
{
    /// <summary>A number as a quantity of the unit '1'; null for what is neither.</summary>
    public static UnitQuantity? AsQuantity(FhirPathItem item) => item.Kind switch
    {
        FhirPathKind.Quantity => item.Quantity,
        FhirPathKind.Integer or FhirPathKind.Decimal => new UnitQuantity(item.Decimal, UnitQuantity.Unity),
        _ => null,
    };

    /// <summary>The result; null when the operator is not defined for these kinds.</summary>
    public static FhirPathItem? Calculate(string op, FhirPathItem a, FhirPathItem b) => (a.Kind, b.Kind) switch
    {
        (FhirPathKind.String, FhirPathKind.String) when op == "+" => a.String + b.String,
        (FhirPathKind.Integer, FhirPathKind.Integer) => Integers(op, a.Number, b.Number),
        (FhirPathKind.Integer or FhirPathKind.Decimal, FhirPathKind.Integer or FhirPathKind.Decimal) => Decimals(op, a.Decimal, b.Decimal),
        (FhirPathKind.Date or FhirPathKind.DateTime or FhirPathKind.Time, FhirPathKind.Quantity) when op is "+" or "-" => Moved(op, a, b.Quantity),
        _ when op is "+" or "-" or "*" or "/" && AsQuantity(a) is { } left && AsQuantity(b) is { } right => FhirPathItem.Of(Quantities(op, left, right)),
        _ => default(FhirPathItem?),
    };

    public static FhirPathItem? Negate(FhirPathItem item) => item.Kind switch
    {
        FhirPathKind.None => item,
        FhirPathKind.Integer => item.Number == int.MinValue ? default(FhirPathItem) : -item.Number,
        FhirPathKind.Decimal => FhirPathItem.Of(-item.Decimal),
        FhirPathKind.Quantity => FhirPathItem.Of(item.Quantity with { Value = -item.Quantity.Value }),
        _ => default(FhirPathItem?),
    };

    private static FhirPathItem? Integers(string op, int a, int b)
    {
        if (op is "/" or "div" or "mod" && b == 0)
        {
            return default(FhirPathItem);
        }

        long result;
        switch (op)
        {
            case "+": result = (long)a + b; break;
            case "-": result = (long)a - b; break;
            case "*": result = (long)a * b; break;
            case "div": result = (long)a / b; break;
            case "mod": result = (long)a % b; break;
            case "/": return FhirPathItem.Of(DecimalArithmetic.Divide(new FhirDecimal(a), new FhirDecimal(b)));
            default: return null;
        }

        return result is >= int.MinValue and <= int.MaxValue ? (int)result : default(FhirPathItem);
    }

    private static FhirPathItem? Decimals(string op, FhirDecimal a, FhirDecimal b) => op switch
    {
        "+" => FhirPathItem.Of(DecimalArithmetic.Add(a, b)),
        "-" => FhirPathItem.Of(DecimalArithmetic.Subtract(a, b)),
        "*" => FhirPathItem.Of(DecimalArithmetic.Multiply(a, b)),
        "/" => FhirPathItem.Of(DecimalArithmetic.Divide(a, b)),
        "div" => FhirPathItem.Of(DecimalArithmetic.Div(a, b)),
        "mod" => FhirPathItem.Of(DecimalArithmetic.Mod(a, b)),
        _ => default(FhirPathItem?),
    };

    private static FhirPathItem? Moved(string op, FhirPathItem item, UnitQuantity quantity)
    {
        if (TemporalArithmetic.CalendarUnit(quantity) is not { } unit
            || (item.Kind == FhirPathKind.Time && unit is "year" or "month" or "week" or "day"))
        {
            return null;
        }

        return FhirPathItem.Of(item.Kind, TemporalArithmetic.Add(item.Temporal, op == "+" ? quantity.Value : -quantity.Value, unit));
    }

    private static UnitQuantity? Quantities(string op, UnitQuantity left, UnitQuantity right)
    {
        if (op is "+" or "-")
        {
            return QuantityUnits.AlignFine(left, right) is var (a, b, unit) && (op == "+" ? DecimalArithmetic.Add(a, b) : DecimalArithmetic.Subtract(a, b)) is { } sum ? unit with { Value = sum } : null;
        }

        if ((op == "*" ? DecimalArithmetic.Multiply(left.Value, right.Value) : DecimalArithmetic.Divide(left.Value, right.Value)) is not { } result)
        {
            return null;
        }

        return (Plain(left), Plain(right), op) switch
        {
            (_, true, _) => left with { Value = result },
            (true, _, "*") => right with { Value = result },
            _ when left.System is UnitSystem.Calendar or UnitSystem.Other || right.System is UnitSystem.Calendar or UnitSystem.Other => null,
            (true, _, _) => new UnitQuantity(result, "/" + Grouped(right.Unit)),
            (_, _, "*") => new UnitQuantity(result, $"{Grouped(left.Unit)}.{Grouped(right.Unit)}"),
            _ => new UnitQuantity(result, left.Unit == right.Unit ? UnitQuantity.Unity : $"{Grouped(left.Unit)}/{Grouped(right.Unit)}"),
        };
    }

    private static bool Plain(UnitQuantity quantity) => quantity.Unit == UnitQuantity.Unity && quantity.System != UnitSystem.Calendar;

    private static string Grouped(string unit) => unit.AsSpan().ContainsAny('.', '/') ? $"({unit})" : unit;
}
