namespace AtcFhir.Trial.Synthetic;

/// <summary>Local time in the Netherlands: an hour ahead of UTC, two from the last Sunday of March to the last of October.</summary>
internal static class DutchClock
{
    public static DateTimeOffset At(DateOnly day, int hour, int minute = 0)
        => new(day.ToDateTime(new TimeOnly(hour, minute)), TimeSpan.FromHours(IsSummer(day) ? 2 : 1));

    /// <summary>As FHIR writes it: 2018-10-16T09:30:00+02:00.</summary>
    public static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    private static bool IsSummer(DateOnly day) => day >= LastSunday(day.Year, 3) && day < LastSunday(day.Year, 10);

    private static DateOnly LastSunday(int year, int month)
    {
        var last = new DateOnly(year, month, 31);
        return last.AddDays(-(int)last.DayOfWeek);
    }
}
