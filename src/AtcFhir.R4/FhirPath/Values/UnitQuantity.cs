using AtcFhir.R4.Values;

namespace AtcFhir.R4.FhirPath.Values;

/// <summary>What the text of a unit means.</summary>
internal enum UnitSystem
{
    /// <summary>A UCUM code in an expression.</summary>
    Ucum,
    /// <summary>A calendar word, such as "days".</summary>
    Calendar,
    /// <summary>A UCUM code in a FHIR Quantity, where 'a' and 'mo' stand for years and months as well. <see href="https://hl7.org/fhir/R4/fhirpath.html#quantity"/></summary>
    Resource,
    /// <summary>A unit of another system in a FHIR Quantity: comparable with itself only.</summary>
    Other,
}

/// <summary>A System.Quantity: a value and a unit, which is a UCUM code or a calendar word. <see href="https://hl7.org/fhirpath/N1/#quantity"/></summary>
internal sealed record UnitQuantity(FhirDecimal Value, string Unit, UnitSystem System = UnitSystem.Ucum)
{
    public const string Unity = "1";

    public bool IsCalendar => System == UnitSystem.Calendar;

    /// <summary>4 days, 1.5 'mg'.</summary>
    public override string ToString() => IsCalendar ? $"{Value} {Unit}" : $"{Value} '{Unit}'";

    /// <summary>The text of toQuantity(): a number, perhaps with a unit in quotes or a calendar word; null when it is none.</summary>
    public static UnitQuantity? Parse(string text)
    {
        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.' || (end == 0 && text[end] is '+' or '-')))
        {
            end++;
        }

        if (DecimalReading.Parse(text.AsSpan(0, end)) is not { } value)
        {
            return null;
        }

        var unit = text.AsSpan(end).TrimStart();
        if (unit.IsEmpty)
        {
            return new UnitQuantity(value, Unity);
        }

        if (unit.Length > 2 && unit[0] == '\'' && unit[^1] == '\'' && !unit[1..^1].Contains('\''))
        {
            return new UnitQuantity(value, unit[1..^1].ToString());
        }

        return CalendarUnits.IsWord(unit) ? new UnitQuantity(value, unit.ToString(), UnitSystem.Calendar) : null;
    }
}
