using AtcFhir.R4.Values;

namespace AtcFhir.R4.FhirPath.Values;

/// <summary>
/// precision(), lowBoundary() and highBoundary() of dates and times. Precision counts digits: 4 year, 6 month, 8 day, 10 hour, 12 minute, 14 second,
/// 17 milliseconds; of a time 2, 4, 6 and 9. <see href="https://hl7.org/fhirpath/#lowboundary"/>
/// </summary>
internal static class TemporalBoundary
{
    public static int Digits(FhirDateTime value)
    {
        var digits = 4 + (2 * (int)value.Level());
        digits += value.FractionDigits > 0 ? 3 : 0;
        return value.IsTime ? digits - 8 : digits;
    }

    /// <summary>The first or last value that the parts as given allow; null when the kind has no such precision.</summary>
    public static FhirDateTime? Of(FhirPathKind kind, FhirDateTime value, int? digits, bool high)
    {
        var greatest = kind switch { FhirPathKind.Date => 8, FhirPathKind.Time => 9, _ => 17 };
        var wanted = digits ?? greatest;
        if (wanted > greatest || PrecisionOf(value.IsTime ? wanted + 8 : wanted) is not { } level)
        {
            return null;
        }

        var given = value.Precision;
        var month = given >= DateTimePrecision.Month ? value.Month : high ? 12 : 1;
        var day = given >= DateTimePrecision.Day ? value.Day : high ? DateTime.DaysInMonth(value.Year, month) : 1;
        var milliseconds = value.FractionDigits > 0 ? value.Nanosecond / 1_000_000 : high ? 999 : 0;
        var result = value with
        {
            Month = value.IsTime ? 1 : month,
            Day = value.IsTime ? 1 : day,
            Hour = given >= DateTimePrecision.Hour ? value.Hour : high ? 23 : 0,
            Minute = given >= DateTimePrecision.Minute ? value.Minute : high ? 59 : 0,
            Second = given >= DateTimePrecision.Second ? value.Second : high ? 59 : 0,
            Nanosecond = milliseconds * 1_000_000,
            FractionDigits = 3,
            FinerDigits = null,
            Precision = DateTimePrecision.Fraction,
        };

        // Without an offset the earliest moment is that of UTC+14, the latest that of UTC-12.
        var offset = kind == FhirPathKind.DateTime && level > DateTimePrecision.Day ? value.OffsetMinutes ?? (high ? -12 * 60 : 14 * 60) : (int?)null;
        return result.CutTo(level) with { OffsetMinutes = offset };
    }

    private static DateTimePrecision? PrecisionOf(int digits) => digits switch
    {
        4 => DateTimePrecision.Year,
        6 => DateTimePrecision.Month,
        8 => DateTimePrecision.Day,
        10 => DateTimePrecision.Hour,
        12 => DateTimePrecision.Minute,
        14 => DateTimePrecision.Second,
        17 => DateTimePrecision.Fraction,
        _ => null,
    };
}
