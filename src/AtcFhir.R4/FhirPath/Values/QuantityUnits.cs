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
        var value = quantity.IsCalendar && CalendarOf(unit) is { } word ? CalendarFactor(quantity.Unit, word)?.Times(quantity.Value)
            : ConvertUcum(quantity.Value, Code(quantity), Code(target));
        return value is null ? null : target with { Value = value.Trimmed() };
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

        var unit = factor.IsAtLeastOne ? left : right;
        if (left.IsCalendar != right.IsCalendar && CalendarOf(unit.Unit) is { } word)
        {
            unit = unit with { Unit = word + "s", System = UnitSystem.Calendar };
        }

        return factor.IsAtLeastOne
            ? factor.Times(right.Value) is { } converted ? (left.Value, converted.Trimmed(), unit) : null
            : factor.Inverse.Times(left.Value) is { } other ? (other.Trimmed(), right.Value, unit) : null;
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
        => CalendarFactor(leftWord, rightWord) is { } factor ? OverCoarser(left, right, factor) : null;

    private static (ExactDecimal, ExactDecimal)? AlignUcum(ExactDecimal left, string leftCode, ExactDecimal right, string rightCode, bool loosely)
    {
        // Base units compare exactly; only the rounding of equivalence depends on the unit.
        if (loosely && UcumFactor(leftCode, rightCode) is { } factor)
        {
            return OverCoarser(left, right, factor);
        }

        return Canonical(left, leftCode) is { } first && Canonical(right, rightCode) is { } second && first.Unit == second.Unit
            ? (first.Value, second.Value)
            : null;
    }

    // The factor says how many right units one left unit is: with one or more of them the left unit is the coarser.
    private static (ExactDecimal, ExactDecimal)? OverCoarser(ExactDecimal left, ExactDecimal right, Factor factor)
        => factor.IsAtLeastOne
            ? factor.Inverse.Times(right) is { } converted ? (left, converted) : null
            : factor.Times(left) is { } other ? (other, right) : null;

    // How many of one calendar unit make one of the other: 1 year = 12 months = 365 days, 1 month = 30 days, the rest as in UCUM.
    private static Factor? CalendarFactor(string from, string to)
    {
        var (source, target) = (CalendarUnits.Singular(from)!, CalendarUnits.Singular(to)!);
        return (source, target) switch
        {
            _ when source == target => new Factor(ExactDecimal.One, ExactDecimal.One),
            ("year", "month") => new Factor(MonthsPerYear, ExactDecimal.One),
            ("month", "year") => new Factor(ExactDecimal.One, MonthsPerYear),
            ("year", _) => UcumFactor("d", CalendarUnits.Ucum(target))?.By(DaysPerYear),
            ("month", _) => UcumFactor("d", CalendarUnits.Ucum(target))?.By(DaysPerMonth),
            (_, "year") => UcumFactor("d", CalendarUnits.Ucum(source))?.By(DaysPerYear).Inverse,
            (_, "month") => UcumFactor("d", CalendarUnits.Ucum(source))?.By(DaysPerMonth).Inverse,
            _ => UcumFactor(CalendarUnits.Ucum(source), CalendarUnits.Ucum(target)),
        };
    }

    // How many of the second unit make one of the first; null when they differ in kind or are no ratio (Cel).
    private static Factor? UcumFactor(string from, string to)
        => from == to ? new Factor(ExactDecimal.One, ExactDecimal.One)
            : Scale(from) is { Zero.Sign: 0 } source && Scale(to) is { Zero.Sign: 0 } target && source.Unit == target.Unit ? new Factor(source.Step, target.Step)
            : null;

    private static ExactDecimal? ConvertUcum(ExactDecimal value, string from, string to)
        => Canonical(value, from) is { } source && Scale(to) is { } target && source.Unit == target.Unit && source.Value - target.Zero is { } distance
            ? distance / target.Step
            : null;

    // Where a unit's zero lies in base units, and how large one step is; so for degrees, too.
    private static (ExactDecimal Zero, ExactDecimal Step, string Unit)? Scale(string code)
        => Canonical(ExactDecimal.Zero, code) is { } zero && Canonical(ExactDecimal.One, code) is { } one && one.Value - zero.Value is { } step
            ? (zero.Value, step, zero.Unit)
            : null;

    private static (ExactDecimal Value, string Unit)? Canonical(ExactDecimal value, string code)
        => R4.Values.Ucum.TryCanonicalize(new R4.Values.FhirDecimal(value.Unscaled, value.Scale), code, out var canonical)
            && ExactDecimal.Parse(canonical.Value.ToString()) is { } number
            ? (number, canonical.Unit)
            : null;

    // A ratio is kept as two numbers, so that 60 s are 1 min exactly.
    private readonly record struct Factor(ExactDecimal Numerator, ExactDecimal Denominator)
    {
        public Factor Inverse => new(Denominator, Numerator);

        public bool IsAtLeastOne => Numerator.CompareTo(Denominator) >= 0;

        public Factor By(ExactDecimal count) => new((Numerator * count)!, Denominator);

        public ExactDecimal? Times(ExactDecimal value) => value * Numerator is { } product ? Denominator.Equals(ExactDecimal.One) ? product : product / Denominator : null;
    }
}
