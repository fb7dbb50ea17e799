namespace AtcFhir.R4.FhirPath.Values;

/// <summary>
/// precision(), lowBoundary() and highBoundary() of dates and times. Precision counts digits: 4 year, 6 month, 8 day, 10 hour, 12 minute, 14 second,
/// 17 milliseconds; of a time 2, 4, 6 and 9. <see href="https://hl7.org/fhirpath/#lowboundary"/>
/// </summary>
internal static class TemporalBoundary
{
    public static int Digits(Temporal value)
    {
        var digits = (int)value.Precision switch
        {
            1 => 4,
            var level => 2 + (level * 2),
        };
        digits += value.FractionDigits > 0 ? 3 : 0;
        return value.IsTime ? digits - 8 : digits;
    }

    /// <summary>The first or last value that the parts as given allow; null when the kind has no such precision.</summary>
    public static Temporal? Of(Temporal value, int? digits, bool high)
    {
        var greatest = value.Kind switch { FhirPathKind.Date => 8, FhirPathKind.Time => 9, _ => 17 };
        var wanted = digits ?? greatest;
        if (wanted > greatest || Level(value.IsTime ? wanted + 8 : wanted) is not { } level)
        {
            return null;
        }

        var given = value.Precision;
        var month = given >= TemporalPrecision.Month ? value.Month : high ? 12 : 1;
        var day = given >= TemporalPrecision.Day ? value.Day : high ? DateTime.DaysInMonth(value.Year, month) : 1;
        var fraction = given < TemporalPrecision.Second || value.FractionDigits == 0;
        var result = value with
        {
            Month = value.IsTime ? 1 : month,
            Day = value.IsTime ? 1 : day,
            Hour = given >= TemporalPrecision.Hour ? value.Hour : high ? 23 : 0,
            Minute = given >= TemporalPrecision.Minute ? value.Minute : high ? 59 : 0,
            Second = given >= TemporalPrecision.Second ? value.Second : high ? 59 : 0,
            Nanosecond = fraction ? (high ? 999_000_000 : 0) : value.Nanosecond,
            FractionDigits = 3,
            Precision = TemporalPrecision.Second,
        };

        // Without an offset the earliest moment is that of UTC+14, the latest that of UTC-12.
        var offset = value.Kind == FhirPathKind.DateTime && level > TemporalPrecision.Day ? value.Offset ?? (high ? -12 * 60 : 14 * 60) : (int?)null;
        return result with { Precision = level, FractionDigits = wanted == greatest && value.Kind != FhirPathKind.Date ? 3 : 0, Offset = offset };
    }

    private static TemporalPrecision? Level(int digits) => digits switch
    {
        4 => TemporalPrecision.Year,
        6 => TemporalPrecision.Month,
        8 => TemporalPrecision.Day,
        10 => TemporalPrecision.Hour,
        12 => TemporalPrecision.Minute,
        14 or 17 => TemporalPrecision.Second,
        _ => null,
    };
}
