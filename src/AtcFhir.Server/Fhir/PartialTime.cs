namespace AtcFhir.Server.Fhir;

/// <summary>A FHIR date, dateTime or instant as the range of time that it may mean; without an offset it is UTC.</summary>
internal static class PartialTime
{
    private static readonly string[] Seconds = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss"];

    private static readonly string[] Fractions = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>[from, to), or null when it is none of these.</summary>
    public static (DateTimeOffset From, DateTimeOffset To)? Parse(string text)
    {
        // "+02:00" of an unencoded offset arrives as a blank.
        var value = text.Replace(' ', '+');
        return Exact(value, "yyyy") is { } year ? (year, year.AddYears(1))
            : Exact(value, "yyyy-MM") is { } month ? (month, month.AddMonths(1))
            : Exact(value, "yyyy-MM-dd") is { } day ? (day, day.AddDays(1))
            : Exact(value, "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mmK") is { } minute ? (minute, minute.AddMinutes(1))
            : Exact(value, Seconds) is { } second ? (second, second.AddSeconds(1))
            : Exact(value, Fractions) is { } instant ? (instant, instant.AddMilliseconds(1))
            : null;
    }

    private static DateTimeOffset? Exact(string text, params string[] formats)
        => DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUniversalTime() : null;
}
