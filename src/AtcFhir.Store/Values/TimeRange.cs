namespace AtcFhir.Store.Values;

/// <summary>
/// A span of time [From, To) in ticks (100 ns) of UTC, as wide as the precision of what was written: "2018" is the whole year.
/// A fraction of a second is taken as that one tick, whatever its digits. <see href="https://hl7.org/fhir/R4/search.html#date"/>
/// </summary>
internal readonly record struct TimeRange(long From, long To)
{
    public const long Earliest = long.MinValue;
    public const long Latest = long.MaxValue;

    /// <summary>Reads a FHIR date, dateTime or instant, and the two forms that only search allows: minutes without seconds, and no time zone (then UTC).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeRange range)
    {
        range = default;
        if (!Digits(text, 0, 4, out var year) || year == 0)
        {
            return false;
        }

        if (text.Length == 4)
        {
            range = new TimeRange(Start(year, 1, 1), year == 9999 ? DateTime.MaxValue.Ticks + 1 : Start(year + 1, 1, 1));
            return true;
        }

        if (text[4] != '-' || !Digits(text, 5, 2, out var month) || month is < 1 or > 12)
        {
            return false;
        }

        if (text.Length == 7)
        {
            range = new TimeRange(Start(year, month, 1), Start(year, month, 1) + (DateTime.DaysInMonth(year, month) * TimeSpan.TicksPerDay));
            return true;
        }

        if (text[7] != '-' || !Digits(text, 8, 2, out var day) || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        var start = Start(year, month, day);
        if (text.Length == 10)
        {
            range = new TimeRange(start, start + TimeSpan.TicksPerDay);
            return true;
        }

        return text[10] == 'T' && TryParseTime(text[11..], start, out range);
    }

    private static bool TryParseTime(ReadOnlySpan<char> text, long day, out TimeRange range)
    {
        range = default;
        var zoneAt = text.IndexOfAny('Z', '+', '-');
        var clock = zoneAt < 0 ? text : text[..zoneAt];
        if (!TryParseZone(zoneAt < 0 ? default : text[zoneAt..], out var offset)
            || !Digits(clock, 0, 2, out var hour) || hour > 23 || clock.Length < 5 || clock[2] != ':' || !Digits(clock, 3, 2, out var minute) || minute > 59)
        {
            return false;
        }

        var start = day + (hour * TimeSpan.TicksPerHour) + (minute * TimeSpan.TicksPerMinute) - offset;
        if (clock.Length == 5)
        {
            range = new TimeRange(start, start + TimeSpan.TicksPerMinute);
            return true;
        }

        if (clock[5] != ':' || !Digits(clock, 6, 2, out var second) || second > 60)
        {
            return false;
        }

        start += second * TimeSpan.TicksPerSecond;
        if (clock.Length == 8)
        {
            range = new TimeRange(start, start + TimeSpan.TicksPerSecond);
            return true;
        }

        if (clock[8] != '.' || clock.Length == 9 || clock[9..].ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        var fraction = 0L;
        for (var digit = 0; digit < 7; digit++)
        {
            fraction = (fraction * 10) + (9 + digit < clock.Length ? clock[9 + digit] - '0' : 0);
        }

        range = new TimeRange(start + fraction, start + fraction + 1);
        return true;
    }

    private static bool TryParseZone(ReadOnlySpan<char> text, out long offset)
    {
        offset = 0;
        if (text.IsEmpty || text is "Z")
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':' || !Digits(text, 1, 2, out var hours) || !Digits(text, 4, 2, out var minutes) || minutes > 59)
        {
            return false;
        }

        offset = ((hours * TimeSpan.TicksPerHour) + (minutes * TimeSpan.TicksPerMinute)) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static long Start(int year, int month, int day) => new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks;

    private static bool Digits(ReadOnlySpan<char> text, int start, int count, out int value)
    {
        value = 0;
        return text.Length >= start + count
            && !text.Slice(start, count).ContainsAnyExceptInRange('0', '9')
            && int.TryParse(text.Slice(start, count), NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
