namespace AtcFhir.R4.Values;

/// <summary>How much of a date or time is given. <see href="https://hl7.org/fhir/R4/datatypes.html#dateTime"/></summary>
public enum DateTimePrecision : byte
{
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    /// <summary>Seconds with a fraction, see <see cref="FhirDateTime.FractionDigits"/>.</summary>
    Fraction,
}
