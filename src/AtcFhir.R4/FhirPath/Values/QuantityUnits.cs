using AtcFhir.R4.Values;

namespace AtcFhir.R4.FhirPath.Values;

/// <summary>Two quantities over one unit: UCUM conversion and calendar conversion. <see href="https://hl7.org/fhirpath/N1/#quantity-equality"/></summary>
internal static class QuantityUnits
{
    private static readonly FhirDecimal MonthsPerYear = new(12);
    private static readonly FhirDecimal DaysPerYear = new(365);
    private static readonly FhirDecimal DaysPerMonth = new(30);

    /// <summary>The values over the less granular of the two units; null when the units cannot be compared.</summary>
    /// <param name="loosely">For equivalence: years and months of the calendar count as 'a' and 'mo'.</param>
    public static (FhirDecimal Left, FhirDecimal Right)? Align(UnitQuantity left, UnitQuantity right, bool loosely)
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
        var target = new UnitQuantity(FhirDecimal.One, unit, CalendarUnits.IsWord(unit) ? UnitSystem.Calendar : UnitSystem.Ucum);
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
        return value is null ? null : target with { Value = value.Value.Trim() };
    }

    /// <summary>Both over the more granular unit, for addition; null when that cannot be.</summary>
    public static (FhirDecimal Left, FhirDecimal Right, UnitQuantity Unit)? AlignFine(UnitQuantity left, UnitQuantity right)
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
            ? factor.Times(right.Value) is { } converted ? (left.Value, converted.Trim(), unit) : null
            : factor.Inverse.Times(left.Value) is { } other ? (other.Trim(), right.Value, unit) : null;
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

    private static (FhirDecimal, FhirDecimal)? AlignCalendar(FhirDecimal left, string leftWord, FhirDecimal right, string rightWord)
        => CalendarFactor(leftWord, rightWord) is { } factor ? OverCoarser(left, right, factor) : null;

    private static (FhirDecimal, FhirDecimal)? AlignUcum(FhirDecimal left, string leftCode, FhirDecimal right, string rightCode, bool loosely)
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
    private static (FhirDecimal, FhirDecimal)? OverCoarser(FhirDecimal left, FhirDecimal right, Factor factor)
        => factor.IsAtLeastOne
            ? factor.Inverse.Times(right) is { } converted ? (left, converted) : null
            : factor.Times(left) is { } other ? (other, right) : null;

    // How many of one calendar unit make one of the other: 1 year = 12 months = 365 days, 1 month = 30 days, the rest as in UCUM.
    private static Factor? CalendarFactor(string from, string to)
    {
        var (source, target) = (CalendarUnits.Singular(from)!, CalendarUnits.Singular(to)!);
        return (source, target) switch
        {
            _ when source == target => new Factor(FhirDecimal.One, FhirDecimal.One),
            ("year", "month") => new Factor(MonthsPerYear, FhirDecimal.One),
            ("month", "year") => new Factor(FhirDecimal.One, MonthsPerYear),
            ("year", _) => UcumFactor("d", CalendarUnits.Ucum(target))?.By(DaysPerYear),
            ("month", _) => UcumFactor("d", CalendarUnits.Ucum(target))?.By(DaysPerMonth),
            (_, "year") => UcumFactor("d", CalendarUnits.Ucum(source))?.By(DaysPerYear).Inverse,
            (_, "month") => UcumFactor("d", CalendarUnits.Ucum(source))?.By(DaysPerMonth).Inverse,
            _ => UcumFactor(CalendarUnits.Ucum(source), CalendarUnits.Ucum(target)),
        };
    }

    // How many of the second unit make one of the first; null when they differ in kind or are no ratio (Cel).
    private static Factor? UcumFactor(string from, string to)
        => from == to ? new Factor(FhirDecimal.One, FhirDecimal.One)
            : Scale(from) is { Zero.Sign: 0 } source && Scale(to) is { Zero.Sign: 0 } target && source.Unit == target.Unit ? new Factor(source.Step, target.Step)
            : null;

    private static FhirDecimal? ConvertUcum(FhirDecimal value, string from, string to)
        => Canonical(value, from) is { } source && Scale(to) is { } target && source.Unit == target.Unit && DecimalArithmetic.Subtract(source.Value, target.Zero) is { } distance
            ? DecimalArithmetic.Divide(distance, target.Step)
            : null;

    // Where a unit's zero lies in base units, and how large one step is; so for degrees, too.
    private static (FhirDecimal Zero, FhirDecimal Step, string Unit)? Scale(string code)
        => Canonical(default, code) is { } zero && Canonical(FhirDecimal.One, code) is { } one && DecimalArithmetic.Subtract(one.Value, zero.Value) is { } step
            ? (zero.Value, step, zero.Unit)
            : null;

    private static (FhirDecimal Value, string Unit)? Canonical(FhirDecimal value, string code)
        => Ucum.TryCanonicalize(value, code, out var canonical)
            && DecimalReading.Parse(canonical.Value.ToString().AsSpan()) is { } number
            ? (number, canonical.Unit)
            : null;

    // A ratio is kept as two numbers, so that 60 s are 1 min exactly.
    private readonly record struct Factor(FhirDecimal Numerator, FhirDecimal Denominator)
    {
        public Factor Inverse => new(Denominator, Numerator);

        public bool IsAtLeastOne => Numerator.CompareTo(Denominator) >= 0;

        public Factor By(FhirDecimal count) => new(DecimalArithmetic.Multiply(Numerator, count)!.Value, Denominator);

        public FhirDecimal? Times(FhirDecimal value) => DecimalArithmetic.Multiply(value, Numerator) is { } product ? Denominator.Equals(FhirDecimal.One) ? product : DecimalArithmetic.Divide(product, Denominator) : null;
    }
}
