namespace AtcFhir.R4.Documents;

/// <summary>
/// The date and time formats of R4 with real calendar days. A leap second (:60) is allowed where R4's regular expression allows it.
/// <see href="https://hl7.org/fhir/R4/datatypes.html#dateTime"/>
/// </summary>
internal static class CalendarFormat
{
    private static ReadOnlySpan<byte> DaysInMonth => [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    public static bool IsDate(ReadOnlySpan<byte> text) => text.Length is 4 or 7 or 10 && IsCalendarDate(text);

    public static bool IsDateTime(ReadOnlySpan<byte> text) => text.Length <= 10 ? IsDate(text) : IsInstant(text);

    public static bool IsInstant(ReadOnlySpan<byte> text)
    {
        if (text.Length < 20 || text[10] != (byte)'T' || !IsCalendarDate(text[..10]))
        {
            return false;
        }

        var zone = text[11..].IndexOfAny((byte)'Z', (byte)'+', (byte)'-');
        return zone > 0 && IsTime(text.Slice(11, zone)) && IsZone(text[(11 + zone)..]);
    }

    public static bool IsTime(ReadOnlySpan<byte> text)
    {
        if (text.Length < 8
            || !TwoDigits(text, 0, 23)
            || text[2] != (byte)':'
            || !TwoDigits(text[3..], 0, 59)
            || text[5] != (byte)':'
            || !TwoDigits(text[6..], 0, 60))
        {
            return false;
        }

        return text.Length == 8 || (text[8] == (byte)'.' && text.Length > 9 && text[9..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0);
    }

    private static bool IsZone(ReadOnlySpan<byte> text)
    {
        if (text[0] == (byte)'Z')
        {
            return text.Length == 1;
        }

        return text.Length == 6
            && text[3] == (byte)':'
            && TwoDigits(text[1..], 0, 14)
            && TwoDigits(text[4..], 0, 59)
            && !(text[1] == (byte)'1' && text[2] == (byte)'4' && (text[4] != (byte)'0' || text[5] != (byte)'0'));
    }

    private static bool IsCalendarDate(ReadOnlySpan<byte> text)
    {
        if (text[..4].IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
        {
            return false;
        }

        var year = Number(text[..2]) * 100 + Number(text[2..4]);
        if (year == 0)
        {
            return false;
        }

        if (text.Length == 4)
        {
            return true;
        }

        if (text[4] != (byte)'-' || !TwoDigits(text[5..], 1, 12))
        {
            return false;
        }

        if (text.Length == 7)
        {
            return true;
        }

        var month = Number(text[5..7]);
        var days = month == 2 && !DateTime.IsLeapYear(year) ? 28 : DaysInMonth[month - 1];
        return text[7] == (byte)'-' && TwoDigits(text[8..], 1, days);
    }

    private static bool TwoDigits(ReadOnlySpan<byte> text, int low, int high)
        => text.Length >= 2
            && char.IsAsciiDigit((char)text[0])
            && char.IsAsciiDigit((char)text[1])
            && Number(text[..2]) is var value
            && value >= low
            && value <= high;

    private static int Number(ReadOnlySpan<byte> two) => (two[0] - '0') * 10 + (two[1] - '0');
}
