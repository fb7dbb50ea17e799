using AtcFhir.R4.Values;
using AtcFhir.Trial.Concepts;

namespace AtcFhir.Trial.Register;

/// <summary>Dates of the register are written day-month-year, and in no other way.</summary>
internal static class RegisterDates
{
    public static FhirDateTime? Read(string text)
        => DateOnly.TryParseExact(text, "dd-MM-yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? FhirDateTime.Of(day)
            : null;
}
