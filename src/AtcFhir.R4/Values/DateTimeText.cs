namespace AtcFhir.R4.Values;

/// <summary>Reads the lexical forms of dates and times. <see href="https://hl7.org/fhir/R4/datatypes.html#dateTime"/></summary>
internal static class DateTimeText
{
    /// <summary>Longer texts are refused; the longest useful one has 35 characters.</summary>
    public const int Longest = 64;

    private const int TickDigits = 7;

    public static bool TryParse(ReadOnlySpan<byte> text, bool allowPartialTime, out FhirDateTime value)
    {
        value = default;
        var rest = text;
        if (text.Length > Longest || !Number(ref rest, 4, 1, 9999, out var year))
        {
            return false;
        }

        if (rest.IsEmpty)
        {
            return Whole(Day(year, 1, 1), Day(year + 1, 1, 1), DateTimePrecision.Year, out value);
        }

        if (!Skip(ref rest, '-') || !Number(ref rest, 2, 1, 12, out var month))
        {
            return false;
        }

        if (rest.IsEmpty)
        {
            return Whole(Day(year, month, 1), month == 12 ? Day(year + 1, 1, 1) : Day(year, month + 1, 1), DateTimePrecision.Month, out value);
        }

        if (!Skip(ref rest, '-') || !Number(ref rest, 2, 1, DateTime.DaysInMonth(year, month), out var day))
        {
            return false;
        }

        var midnight = Day(year, month, day);
        if (rest.IsEmpty)
        {
            return Whole(midnight, midnight + 1, DateTimePrecision.Day, out value);
        }

        return Skip(ref rest, 'T')
            && TimeOfDay(ref rest, allowPartialTime, out var time)
            && Offset(rest, out var offset)
            && (offset is not null || allowPartialTime)
            && At(midnight * FhirDateTime.TicksPerDay, time, offset, isTime: false, out value);
    }

    public static bool TryParseTime(ReadOnlySpan<byte> text, bool allowPartial, out FhirDateTime value)
    {
        value = default;
        var rest = text;
        return text.Length <= Longest && TimeOfDay(ref rest, allowPartial, out var time) && rest.IsEmpty && At(0, time, null, isTime: true, out value);
    }

    private static bool Whole(long firstDay, long nextDay, DateTimePrecision precision, out FhirDateTime value)
    {
        value = new FhirDateTime(firstDay * FhirDateTime.TicksPerDay, nextDay * FhirDateTime.TicksPerDay, precision, 0, null, isTime: false);
        return true;
    }

    private static bool At(long midnight, (long Ticks, long Width, DateTimePrecision Precision, int Digits) time, int? offset, bool isTime, out FhirDateTime value)
    {
        var earliest = midnight + time.Ticks - (offset ?? 0) * FhirDateTime.TicksPerMinute;
        value = new FhirDateTime(earliest, earliest + time.Width, time.Precision, time.Digits, offset, isTime);
        return true;
    }

    private static bool TimeOfDay(ref ReadOnlySpan<byte> rest, bool allowPartial, out (long Ticks, long Width, DateTimePrecision Precision, int Digits) time)
    {
        time = default;
        if (!Number(ref rest, 2, 0, 23, out var hour))
        {
            return false;
        }

        time = (hour * 60 * FhirDateTime.TicksPerMinute, 60 * FhirDateTime.TicksPerMinute, DateTimePrecision.Hour, 0);
        if (!Skip(ref rest, ':'))
        {
            return allowPartial;
        }

        if (!Number(ref rest, 2, 0, 59, out var minute))
        {
            return false;
        }

        time = (time.Ticks + minute * FhirDateTime.TicksPerMinute, FhirDateTime.TicksPerMinute, DateTimePrecision.Minute, 0);
        if (!Skip(ref rest, ':'))
        {
            return allowPartial;
        }

        // R4 allows a leap second, 60; it falls together with the first second of the next minute.
        if (!Number(ref rest, 2, 0, 60, out var second))
        {
            return false;
        }

        time = (time.Ticks + second * FhirDateTime.TicksPerSecond, FhirDateTime.TicksPerSecond, DateTimePrecision.Second, 0);
        return !Skip(ref rest, '.') || Fraction(ref rest, ref time);
    }

    private static bool Fraction(ref ReadOnlySpan<byte> rest, ref (long Ticks, long Width, DateTimePrecision Precision, int Digits) time)
    {
        var (digits, ticks, width) = (0, 0L, FhirDateTime.TicksPerSecond);
        for (; digits < rest.Length && char.IsAsciiDigit((char)rest[digits]); digits++)
        {
            if (digits < TickDigits)
            {
                width /= 10;
                ticks += (rest[digits] - '0') * width;
            }
        }

        rest = rest[digits..];
        time = (time.Ticks + ticks, width, DateTimePrecision.Fraction, digits);
        return digits > 0;
    }

    private static bool Offset(ReadOnlySpan<byte> rest, out int? minutes)
    {
        minutes = null;
        if (rest.IsEmpty)
        {
            return true;
        }

        if (rest is [(byte)'Z'])
        {
            minutes = 0;
            return true;
        }

        var sign = rest[0] == '-' ? -1 : 1;
        if ((!Skip(ref rest, '+') && !Skip(ref rest, '-'))
            || !Number(ref rest, 2, 0, 14, out var hour) || !Skip(ref rest, ':') || !Number(ref rest, 2, 0, hour == 14 ? 0 : 59, out var minute))
        {
            return false;
        }

        minutes = sign * (hour * 60 + minute);
        return rest.IsEmpty;
    }

    /// <summary>Days since 0001-01-01 in the Gregorian calendar; year 10000 is allowed as an end.</summary>
    private static long Day(int year, int month, int day)
        => year == 10_000 ? DateTime.MaxValue.Ticks / FhirDateTime.TicksPerDay + 1 : new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks / FhirDateTime.TicksPerDay;

    private static bool Skip(ref ReadOnlySpan<byte> rest, char expected)
    {
        if (rest.IsEmpty || rest[0] != expected)
        {
            return false;
        }

        rest = rest[1..];
        return true;
    }

    private static bool Number(ref ReadOnlySpan<byte> rest, int digits, int min, int max, out int value)
    {
        value = 0;
        if (rest.Length < digits)
        {
            return false;
        }

        for (var i = 0; i < digits; i++)
        {
            if (!char.IsAsciiDigit((char)rest[i]))
            {
                return false;
            }

            value = value * 10 + rest[i] - '0';
        }

        rest = rest[digits..];
        return value >= min && value <= max;
    }
}
