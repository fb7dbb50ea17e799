using System.Runtime.CompilerServices;
using System.Text;

namespace AtcFhir.R4.Values;

/// <summary>Reads and writes the lexical forms of dates and times. <see href="https://hl7.org/fhir/R4/datatypes.html#dateTime"/></summary>
internal static class DateTimeText
{
    /// <summary>Longer texts are refused; the longest useful one has 35 characters.</summary>
    public const int Longest = 64;

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
            value = new FhirDateTime(DateTimePrecision.Year, year);
            return true;
        }

        if (!Skip(ref rest, '-') || !Number(ref rest, 2, 1, 12, out var month))
        {
            return false;
        }

        if (rest.IsEmpty)
        {
            value = new FhirDateTime(DateTimePrecision.Month, year, month);
            return true;
        }

        if (!Skip(ref rest, '-') || !Number(ref rest, 2, 1, DateTime.DaysInMonth(year, month), out var day))
        {
            return false;
        }

        var date = new FhirDateTime(DateTimePrecision.Day, year, month, day);
        if (rest.IsEmpty)
        {
            value = date;
            return true;
        }

        return Skip(ref rest, 'T') && TimeOfDay(ref rest, date, allowPartialTime, out var local) && Offset(rest, local, allowPartialTime, out value);
    }

    public static bool TryParseTime(ReadOnlySpan<byte> text, bool allowPartial, out FhirDateTime value)
    {
        value = default;
        var rest = text;
        var midnight = new FhirDateTime(DateTimePrecision.Day, 1, isTime: true);
        if (text.Length > Longest || !TimeOfDay(ref rest, midnight, allowPartial, out var time) || !rest.IsEmpty)
        {
            return false;
        }

        value = time;
        return true;
    }

    /// <summary>The parts that are there, as they were written: "2015-02", "2015-02-04T14:34:28.123+10:00", "14:34".</summary>
    public static string Of(in FhirDateTime value)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[Longest]);
        if (!value.IsTime)
        {
            text.AppendFormatted(value.Year, "0000");
            Part(ref text, value, DateTimePrecision.Month, "-", value.Month);
            Part(ref text, value, DateTimePrecision.Day, "-", value.Day);
        }

        Part(ref text, value, DateTimePrecision.Hour, value.IsTime ? "" : "T", value.Hour);
        Part(ref text, value, DateTimePrecision.Minute, ":", value.Minute);
        Part(ref text, value, DateTimePrecision.Second, ":", value.Second);
        if (value.FractionDigits > 0)
        {
            text.AppendLiteral(".");
            text.AppendLiteral(value.Nanosecond.ToString("000000000", CultureInfo.InvariantCulture)[..Math.Min((int)value.FractionDigits, FhirDateTime.NanosecondDigits)]);
            text.AppendLiteral(value.FractionDigits > FhirDateTime.NanosecondDigits ? value.FinerDigits ?? "" : "");
        }

        switch (value.OffsetMinutes)
        {
            case null:
                break;
            case 0 when value.ZeroOffset == ZeroOffset.Zulu:
                text.AppendLiteral("Z");
                break;
            case { } minutes:
                text.AppendLiteral(minutes < 0 || (minutes == 0 && value.ZeroOffset == ZeroOffset.Minus) ? "-" : "+");
                text.AppendFormatted(Math.Abs(minutes) / 60, "00");
                text.AppendLiteral(":");
                text.AppendFormatted(Math.Abs(minutes) % 60, "00");
                break;
        }

        return text.ToStringAndClear();
    }

    private static void Part(ref DefaultInterpolatedStringHandler text, in FhirDateTime value, DateTimePrecision precision, string before, int part)
    {
        if (value.Precision >= precision)
        {
            text.AppendLiteral(before);
            text.AppendFormatted(part, "00");
        }
    }

    private static bool TimeOfDay(ref ReadOnlySpan<byte> rest, in FhirDateTime date, bool allowPartial, out FhirDateTime value)
    {
        value = default;
        if (!Number(ref rest, 2, 0, 23, out var hour))
        {
            return false;
        }

        if (!Skip(ref rest, ':'))
        {
            value = date with { Precision = DateTimePrecision.Hour, Hour = hour };
            return allowPartial;
        }

        if (!Number(ref rest, 2, 0, 59, out var minute))
        {
            return false;
        }

        if (!Skip(ref rest, ':'))
        {
            value = date with { Precision = DateTimePrecision.Minute, Hour = hour, Minute = minute };
            return allowPartial;
        }

        // R4 allows a leap second, 60.
        if (!Number(ref rest, 2, 0, 60, out var second))
        {
            return false;
        }

        value = date with { Precision = DateTimePrecision.Second, Hour = hour, Minute = minute, Second = second };
        return !Skip(ref rest, '.') || Fraction(ref rest, ref value);
    }

    private static bool Fraction(ref ReadOnlySpan<byte> rest, ref FhirDateTime value)
    {
        var (digits, nanosecond) = (0, 0);
        for (; digits < rest.Length && char.IsAsciiDigit((char)rest[digits]); digits++)
        {
            if (digits < FhirDateTime.NanosecondDigits)
            {
                nanosecond = (nanosecond * 10) + rest[digits] - '0';
            }
        }

        for (var missing = digits; missing < FhirDateTime.NanosecondDigits; missing++)
        {
            nanosecond *= 10;
        }

        value = value with
        {
            Precision = DateTimePrecision.Fraction,
            Nanosecond = nanosecond,
            FractionDigits = (byte)digits,
            FinerDigits = digits > FhirDateTime.NanosecondDigits ? Encoding.ASCII.GetString(rest[FhirDateTime.NanosecondDigits..digits]) : null,
        };
        rest = rest[digits..];
        return digits > 0;
    }

    private static bool Offset(ReadOnlySpan<byte> rest, in FhirDateTime local, bool mayLack, out FhirDateTime value)
    {
        value = local;
        if (rest.IsEmpty)
        {
            return mayLack;
        }

        if (rest is [(byte)'Z'])
        {
            value = local with { OffsetMinutes = 0 };
            return true;
        }

        var isNegative = rest[0] == '-';
        if ((!Skip(ref rest, '+') && !Skip(ref rest, '-'))
            || !Number(ref rest, 2, 0, 14, out var hour) || !Skip(ref rest, ':') || !Number(ref rest, 2, 0, hour == 14 ? 0 : 59, out var minute))
        {
            return false;
        }

        var minutes = (hour * 60) + minute;
        value = local with { OffsetMinutes = isNegative ? -minutes : minutes, ZeroOffset = isNegative ? ZeroOffset.Minus : ZeroOffset.Plus };
        return rest.IsEmpty;
    }

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
