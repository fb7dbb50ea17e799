using AtcFhir.R4.Values;

namespace AtcFhir.R4.FhirPath.Values;

/// <summary>The precision of dates and times as FHIRPath counts it. <see href="https://hl7.org/fhirpath/N1/#datetime-equality"/></summary>
internal static class TemporalPrecision
{
    /// <summary>Seconds and their fraction are one precision.</summary>
    public static DateTimePrecision Level(this FhirDateTime value) => value.Precision == DateTimePrecision.Fraction ? DateTimePrecision.Second : value.Precision;

    /// <summary>The value without the parts beyond a precision; it has at least that. A date has no offset.</summary>
    public static FhirDateTime CutTo(this FhirDateTime value, DateTimePrecision precision) => precision switch
    {
        DateTimePrecision.Fraction => value,
        _ when precision <= DateTimePrecision.Day && !value.IsTime => value.ToDate(precision),
        _ => value with
        {
            Precision = precision,
            Minute = precision >= DateTimePrecision.Minute ? value.Minute : 0,
            Second = precision >= DateTimePrecision.Second ? value.Second : 0,
            Nanosecond = 0,
            FractionDigits = 0,
            FinerDigits = null,
        },
    };
}
