namespace AtcFhir.R4.FhirPath.Values;

/// <summary>Two quantities over one unit: UCUM conversion and calendar conversion. <see href="https://hl7.org/fhirpath/N1/#quantity-equality"/></summary>
internal static class QuantityUnits
{
    private static readonly ExactDecimal MonthsPerYear = ExactDecimal.From(12);
    private static readonly ExactDecimal DaysPerYear = ExactDecimal.From(365);
    private static readonly ExactDecimal DaysPerMonth = ExactDecimal.From(30);

    /// <summary>The values over the less granular of the two units; null when the units cannot be compared.</summary>
    /// <param name="loosely">For equivalence: years and months of the calendar count as 'a' and 'mo'.</param>
    public static (ExactDecimal Left, ExactDecimal Right)? Align(UnitQuantity left, UnitQuantity right, bool loosely)
    {
        if (SameUnit(left, right))
        {
            return (left.Value, right.Value);
        }

        if (left.System == UnitSystem.Other || right.System == UnitSystem.Other)
        {
            return null;
        }

        if (CalendarLength(left) is { } leftWord && CalendarLength(right) is { } rightWord && (left.IsCalendar || right.IsCalendar))
        {
            return AlignCalendar(left.Value, leftWord, right.Value, rightWord);
        }

        if (!loosely && ((left.IsCalendar && !CalendarUnits.IsFixedLength(left.Unit)) || (right.IsCalendar && !CalendarUnits.IsFixedLength(right.Unit))))
        {
            return null;
        }

        return AlignUcum(left.Value, Code(left), right.Value, Code(right), loosely);
    }

    /// <summary>The value over another unit; null when there is no conversion. Asking for it outright changes between calendar and UCUM as well.</summary>
    public static UnitQuantity? Convert(UnitQuantity quantity, string unit)
    {
        var target = new UnitQuantity(ExactDecimal.One, unit, CalendarUnits.IsWord(unit) ? UnitSystem.Calendar : UnitSystem.Ucum);
        if (SameUnit(quantity, target))
        {
            return quantity;
        }

        if (quantity.System == UnitSystem.Other)
        {
            return null;
        }

        // The conversion happens within the unit system of the source.
        var within = quantity.IsCalendar && CalendarOf(unit) is { } word ? CalendarFactor(quantity.Unit, word)
            : UcumFactor(Code(quantity), Code(target));
        return within is { } factor && quantity.Value * factor is { } value ? target with { Value = value.Trimmed() } : null;
    }

    /// <summary>Both over the more granular unit, for addition; null when that cannot be.</summary>
    public static (ExactDecimal Left, ExactDecimal Right, UnitQuantity Unit)? AlignFine(UnitQuantity left, UnitQuantity right)
    {
        if (SameUnit(left, right))
        {
            return (left.Value, right.Value, left);
        }

        if (left.System == UnitSystem.Other || right.System == UnitSystem.Other || IsVariable(left) || IsVariable(right)
            || UcumFactor(Code(right), Code(left)) is not { } factor)
        {
            return null;
        }

        var leftIsFine = factor.CompareTo(ExactDecimal.One) >= 0;
        var unit = leftIsFine ? left : right;
        if (left.IsCalendar != right.IsCalendar && CalendarOf(unit.Unit) is { } word)
        {
            unit = unit with { Unit = word + "s", System = UnitSystem.Calendar };
        }

        return leftIsFine
            ? right.Value * factor is { } converted ? (left.Value, converted.Trimmed(), unit) : null
            : left.Value / factor is { } other ? (other, right.Value, unit) : null;
    }

    /// <summary>The UCUM code of a unit.</summary>
    public static string Code(UnitQuantity quantity) => quantity.IsCalendar ? CalendarUnits.Ucum(quantity.Unit) : quantity.Unit;

    private static bool IsVariable(UnitQuantity quantity) => quantity.IsCalendar && !CalendarUnits.IsFixedLength(quantity.Unit);

    private static bool SameUnit(UnitQuantity left, UnitQuantity right)
        => left.IsCalendar == right.IsCalendar && (left.System == UnitSystem.Other) == (right.System == UnitSystem.Other)
            && (left.Unit == right.Unit || (left.IsCalendar && CalendarUnits.Singular(left.Unit) == CalendarUnits.Singular(right.Unit)));

    // The calendar word of a calendar quantity, and of one from a resource that counts as such.
    private static string? CalendarLength(UnitQuantity quantity)
        => quantity.IsCalendar || quantity.System == UnitSystem.Resource ? TemporalArithmetic.CalendarUnit(quantity) : null;

    private static string? CalendarOf(string unit) => CalendarUnits.Singular(unit) ?? unit switch
    {
        "a" => "year",
        "mo" => "month",
        "wk" => "week",
        "d" => "day",
        "h" => "hour",
        "min" => "minute",
        "s" => "second",
        "ms" => "millisecond",
        _ => null,
    };

    private static (ExactDecimal, ExactDecimal)? AlignCalendar(ExactDecimal left, string leftWord, ExactDecimal right, string rightWord)
    {
        if (CalendarFactor(leftWord, rightWord) is not { } perLeft)
        {
            return null;
        }

        // One left unit is that many right ones: with one or more of them the left unit is the less granular one.
        if (perLeft.CompareTo(ExactDecimal.One) >= 0)
        {
            return right / perLeft is { } converted ? (left, converted) : null;
        }

        return CalendarFactor(rightWord, leftWord) is { } perRight && left / perRight is { } other ? (other, right) : null;
    }

    // How many of one calendar unit make one of the other: 1 year = 12 months = 365 days, 1 month = 30 days, the rest as in UCUM.
    private static ExactDecimal? CalendarFactor(string from, string to)
    {
        var (source, target) = (CalendarUnits.Singular(from)!, CalendarUnits.Singular(to)!);
        if (source == target)
        {
            return ExactDecimal.One;
        }

        return (source, target) switch
        {
            ("year", "month") => MonthsPerYear,
            ("month", "year") => ExactDecimal.One / MonthsPerYear,
            ("year", _) => UcumFactor("d", CalendarUnits.Ucum(target)) is { } days ? DaysPerYear * days : null,
            ("month", _) => UcumFactor("d", CalendarUnits.Ucum(target)) is { } days ? DaysPerMonth * days : null,
            (_, "year") => UcumFactor(CalendarUnits.Ucum(source), "d") is { } days ? days / DaysPerYear : null,
            (_, "month") => UcumFactor(CalendarUnits.Ucum(source), "d") is { } days ? days / DaysPerMonth : null,
            _ => UcumFactor(CalendarUnits.Ucum(source), CalendarUnits.Ucum(target)),
        };
    }

    private static (ExactDecimal, ExactDecimal)? AlignUcum(ExactDecimal left, string leftCode, ExactDecimal right, string rightCode, bool loosely)
    {
        // Base units compare exactly; only the rounding of equivalence depends on the unit.
        if (!loosely || UcumFactor(leftCode, rightCode) is not { } perLeft)
        {
            return Canonical(left, leftCode) is { } first && Canonical(right, rightCode) is { } second && first.Unit == second.Unit
                ? (first.Value, second.Value)
                : null;
        }

        if (perLeft.CompareTo(ExactDecimal.One) >= 0)
        {
            return right / perLeft is { } converted ? (left, converted) : null;
        }

        return UcumFactor(rightCode, leftCode) is { } perRight && left / perRight is { } other ? (other, right) : null;
    }

    // How many of the second unit make one of the first; null when they differ in kind or are no ratio (Cel).
    private static ExactDecimal? UcumFactor(string from, string to)
    {
        if (from == to)
        {
            return ExactDecimal.One;
        }

        if (Canonical(ExactDecimal.One, from) is not { } source || Canonical(ExactDecimal.One, to) is not { } target || source.Unit != target.Unit
            || Canonical(ExactDecimal.Zero, from) is not { Value.Sign: 0 } || Canonical(ExactDecimal.Zero, to) is not { Value.Sign: 0 })
        {
            return null;
        }

        return source.Value / target.Value;
    }

    private static (ExactDecimal Value, string Unit)? Canonical(ExactDecimal value, string code)
        => R4.Values.Ucum.TryCanonicalize(new R4.Values.FhirDecimal(value.Unscaled, value.Scale), code, out var canonical)
            && ExactDecimal.Parse(canonical.Value.ToString()) is { } number
            ? (number, canonical.Unit)
            : null;
}
