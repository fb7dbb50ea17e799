using System.Numerics;
using AtcFhir.R4.Values;

namespace AtcFhir.R4.FhirPath.Values;

/// <summary>Adding a time-valued quantity to a date or time, by the calendar. <see href="https://hl7.org/fhirpath/N1/#datetime-arithmetic"/></summary>
internal static class TemporalArithmetic
{
    private const long NanosecondsPerDay = 86_400L * 1_000_000_000;

    /// <summary>The unit as a calendar word in the singular; null when it is none that dates and times can be moved by ('a' and 'mo' are not).</summary>
    public static string? CalendarUnit(UnitQuantity quantity) => CalendarUnits.Singular(quantity.Unit) ?? quantity.Unit switch
    {
        "wk" => "week",
        "d" => "day",
        "h" => "hour",
        "min" => "minute",
        "s" => "second",
        "ms" => "millisecond",
        "a" when quantity.System == UnitSystem.Resource => "year",
        "mo" when quantity.System == UnitSystem.Resource => "month",
        _ => null,
    };

    /// <summary>The sum; null when the year leaves 1 to 9999.</summary>
    public static FhirDateTime? Add(FhirDateTime value, FhirDecimal amount, string unit)
    {
        // Only (milli)seconds use their decimals.
        var whole = unit is "second" or "millisecond" ? amount : amount.Truncate();
        if (value.IsTime)
        {
            return AddToTime(value, WholeParts(value, Nanoseconds(whole, unit)));
        }

        return unit switch
        {
            "year" => AddMonths(value, whole, 12),
            "month" => value.Precision == DateTimePrecision.Year ? AddMonths(value, new FhirDecimal(whole.Unscaled / 12), 12) : AddMonths(value, whole, 1),
            _ => AddDuration(value, whole, unit),
        };
    }

    private static FhirDateTime? AddMonths(FhirDateTime value, FhirDecimal count, int monthsEach)
    {
        if (count.ToInteger() is not { } amount || Math.Abs((long)amount) > 200_000)
        {
            return null;
        }

        var months = ((long)value.Year * 12) + value.Month - 1 + ((long)amount * monthsEach);
        var (year, month) = (months / 12, (int)(months % 12) + 1);
        return year is < 1 or > 9999 || months < 12
            ? null
            : value with { Year = (int)year, Month = month, Day = Math.Min(value.Day, DateTime.DaysInMonth((int)year, month)) };
    }

    private static FhirDateTime? AddDuration(FhirDateTime value, FhirDecimal amount, string unit)
    {
        var nanoseconds = Nanoseconds(amount, unit);
        var days = BigInteger.Divide(nanoseconds, NanosecondsPerDay);

        // A partial date moves by the whole units that it has: 365 days make a year, 30 days a month.
        if (value.Precision < DateTimePrecision.Day)
        {
            var perStep = value.Precision == DateTimePrecision.Year ? 365 : 30;
            return AddMonths(value, new FhirDecimal(days / perStep), value.Precision == DateTimePrecision.Year ? 12 : 1);
        }

        var total = DayTime(value) + WholeParts(value, nanoseconds);
        var dayShift = BigInteger.DivRem(total, NanosecondsPerDay, out var rest);
        if (rest.Sign < 0)
        {
            (dayShift, rest) = (dayShift - 1, rest + NanosecondsPerDay);
        }

        var date = new DateTime(value.Year, value.Month, value.Day, 0, 0, 0, DateTimeKind.Unspecified);
        if (BigInteger.Abs(dayShift) > 4_000_000 || (date.Ticks / TimeSpan.TicksPerDay) + (long)dayShift is < 0 or > 3_652_058)
        {
            return null;
        }

        date = date.AddDays((double)dayShift);
        return WithDayTime(value with { Year = date.Year, Month = date.Month, Day = date.Day }, (long)rest);
    }

    private static FhirDateTime AddToTime(FhirDateTime value, BigInteger nanoseconds)
    {
        var rest = (DayTime(value) + nanoseconds) % NanosecondsPerDay;
        return WithDayTime(value, (long)(rest.Sign < 0 ? rest + NanosecondsPerDay : rest));
    }

    /// <summary>As many whole days, hours or minutes as are in it, where the value has nothing finer.</summary>
    private static BigInteger WholeParts(FhirDateTime value, BigInteger nanoseconds)
    {
        var part = value.Precision switch
        {
            DateTimePrecision.Day => NanosecondsPerDay,
            DateTimePrecision.Hour => 3_600_000_000_000,
            DateTimePrecision.Minute => 60_000_000_000,
            _ => 1,
        };
        return nanoseconds / part * part;
    }

    private static BigInteger Nanoseconds(FhirDecimal amount, string unit)
    {
        BigInteger each = unit switch
        {
            "week" => 7 * NanosecondsPerDay,
            "day" => NanosecondsPerDay,
            "hour" => 3_600_000_000_000,
            "minute" => 60_000_000_000,
            "second" => 1_000_000_000,
            _ => 1_000_000,
        };
        return amount.Unscaled * each / BigInteger.Pow(10, amount.Scale);
    }

    private static long DayTime(FhirDateTime value)
        => (((value.Hour * 3600L) + (value.Minute * 60L) + value.Second) * 1_000_000_000) + value.Nanosecond;

    private static FhirDateTime WithDayTime(FhirDateTime value, long nanoseconds)
    {
        var seconds = nanoseconds / 1_000_000_000;
        var nanosecond = (int)(nanoseconds % 1_000_000_000);
        var digits = (int)value.FractionDigits;
        if (value.Level() == DateTimePrecision.Second && nanosecond != 0)
        {
            digits = Math.Max(digits, nanosecond % 1_000_000 == 0 ? 3 : FhirDateTime.NanosecondDigits);
        }

        return value with
        {
            Hour = (int)(seconds / 3600),
            Minute = (int)(seconds / 60 % 60),
            Second = (int)(seconds % 60),
            Nanosecond = nanosecond,
            FractionDigits = (byte)digits,
            Precision = digits > 0 ? DateTimePrecision.Fraction : value.Precision,
        };
    }
}
