namespace AtcFhir.R4.FhirPath.Values;

/// <summary>The calendar words and their UCUM counterparts. <see href="https://hl7.org/fhirpath/N1/#time-valued-quantities"/></summary>
internal static class CalendarUnits
{
    public static bool IsWord(ReadOnlySpan<char> text) => Singular(text) is not null;

    /// <summary>"days" to "day"; null when it is no calendar word.</summary>
    public static string? Singular(ReadOnlySpan<char> text) => text switch
    {
        "year" or "years" => "year",
        "month" or "months" => "month",
        "week" or "weeks" => "week",
        "day" or "days" => "day",
        "hour" or "hours" => "hour",
        "minute" or "minutes" => "minute",
        "second" or "seconds" => "second",
        "millisecond" or "milliseconds" => "millisecond",
        _ => null,
    };

    /// <summary>The UCUM code that says the same, or, for years and months, nearly the same.</summary>
    public static string Ucum(ReadOnlySpan<char> word) => Singular(word) switch
    {
        "year" => "a",
        "month" => "mo",
        "week" => "wk",
        "day" => "d",
        "hour" => "h",
        "minute" => "min",
        "second" => "s",
        _ => "ms",
    };

    /// <summary>Years and months of the calendar have no fixed length: they equal no UCUM unit, though they are equivalent to 'a' and 'mo'.</summary>
    public static bool IsFixedLength(ReadOnlySpan<char> word) => Singular(word) is not ("year" or "month");
}
