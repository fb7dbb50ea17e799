namespace AtcFhir.R4.FhirPath.Values;

/// <summary>How far a date or time is given. Seconds and their fraction are one precision. <see href="https://hl7.org/fhirpath/N1/#datetime-equality"/></summary>
internal enum TemporalPrecision
{
    Year = 1,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

/// <summary>
/// A Date, DateTime or Time with the precision as written: missing parts are missing, not zero. A Time has no year, month and day (they are 1).
/// Fractions of a second keep nine digits.
/// </summary>
internal sealed record Temporal(
    FhirPathKind Kind,
    TemporalPrecision Precision,
    int Year,
    int Month = 1,
    int Day = 1,
    int Hour = 0,
    int Minute = 0,
    int Second = 0,
    int Nanosecond = 0,
    int FractionDigits = 0,
    int? Offset = null,
    bool IsZulu = false)
{
    private const int NanosecondDigits = 9;

    public bool IsTime => Kind == FhirPathKind.Time;

    /// <summary>The value as ISO 8601 says it, or null when the text is not one of that kind. The text has no leading "@" or "T".</summary>
    public static Temporal? Parse(FhirPathKind kind, ReadOnlySpan<char> text)
    {
        var result = new Temporal(kind, TemporalPrecision.Year, 1);
        if (kind != FhirPathKind.Time)
        {
            var end = text.IndexOf('T');
            if (end >= 0 && kind == FhirPathKind.Date)
            {
                return null;
            }

            result = ParseDate(result, end < 0 ? text : text[..end]);
            if (result is null || end < 0 || end == text.Length - 1)
            {
                return result;
            }

            text = text[(end + 1)..];
            if (result.Precision != TemporalPrecision.Day)
            {
                return null;
            }
        }

        if (kind == FhirPathKind.DateTime && text.IndexOfAny('Z', '+', '-') is var zone && zone >= 0)
        {
            if (ParseOffset(text[zone..]) is not { } offset)
            {
                return null;
            }

            result = result with { Offset = offset, IsZulu = text[zone] == 'Z' };
            text = text[..zone];
        }

        return ParseTime(result, text);
    }

    public static Temporal From(FhirPathKind kind, DateTimeOffset moment) => new(
        kind,
        kind == FhirPathKind.Date ? TemporalPrecision.Day : TemporalPrecision.Second,
        kind == FhirPathKind.Time ? 1 : moment.Year,
        kind == FhirPathKind.Time ? 1 : moment.Month,
        kind == FhirPathKind.Time ? 1 : moment.Day,
        kind == FhirPathKind.Date ? 0 : moment.Hour,
        kind == FhirPathKind.Date ? 0 : moment.Minute,
        kind == FhirPathKind.Date ? 0 : moment.Second,
        kind == FhirPathKind.Date ? 0 : moment.Millisecond * 1_000_000,
        kind == FhirPathKind.Date ? 0 : 3,
        kind == FhirPathKind.DateTime ? (int)moment.Offset.TotalMinutes : null,
        moment.Offset == TimeSpan.Zero);

    /// <summary>The parts that are there, in ISO 8601: "2015-02", "2015-02-04T14:34:28.123+10:00", "14:34".</summary>
    public override string ToString()
    {
        var culture = CultureInfo.InvariantCulture;
        var text = "";
        if (!IsTime)
        {
            text = Year.ToString("0000", culture);
            text += Precision >= TemporalPrecision.Month ? string.Create(culture, $"-{Month:00}") : "";
            text += Precision >= TemporalPrecision.Day ? string.Create(culture, $"-{Day:00}") : "";
            text += Precision >= TemporalPrecision.Hour ? "T" : "";
        }

        text += Precision >= TemporalPrecision.Hour ? Hour.ToString("00", culture) : "";
        text += Precision >= TemporalPrecision.Minute ? string.Create(culture, $":{Minute:00}") : "";
        text += Precision >= TemporalPrecision.Second ? string.Create(culture, $":{Second:00}") : "";
        text += FractionDigits > 0 ? "." + Nanosecond.ToString("000000000", culture)[..FractionDigits] : "";
        return text + (Offset switch
        {
            null => "",
            0 when IsZulu => "Z",
            { } minutes => string.Create(culture, $"{(minutes < 0 ? '-' : '+')}{Math.Abs(minutes) / 60:00}:{Math.Abs(minutes) % 60:00}"),
        });
    }

    private static Temporal? ParseDate(Temporal result, ReadOnlySpan<char> text)
    {
        if (text.Length is not (4 or 7 or 10) || !Part(text, 0, 4, out var year) || year == 0)
        {
            return null;
        }

        result = result with { Year = year };
        if (text.Length == 4)
        {
            return result;
        }

        if (text[4] != '-' || !Part(text, 5, 2, out var month) || month is 0 or > 12)
        {
            return null;
        }

        result = result with { Month = month, Precision = TemporalPrecision.Month };
        if (text.Length == 7)
        {
            return result;
        }

        return text[7] == '-' && Part(text, 8, 2, out var day) && day > 0 && day <= DateTime.DaysInMonth(year, month)
            ? result with { Day = day, Precision = TemporalPrecision.Day }
            : null;
    }

    private static Temporal? ParseTime(Temporal result, ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || !Part(text, 0, 2, out var hour) || hour > 23)
        {
            return null;
        }

        result = result with { Hour = hour, Precision = TemporalPrecision.Hour };
        if (text.Length == 2)
        {
            return result;
        }

        if (text.Length < 5 || text[2] != ':' || !Part(text, 3, 2, out var minute) || minute > 59)
        {
            return null;
        }

        result = result with { Minute = minute, Precision = TemporalPrecision.Minute };
        if (text.Length == 5)
        {
            return result;
        }

        if (text.Length < 8 || text[5] != ':' || !Part(text, 6, 2, out var second) || second > 60)
        {
            return null;
        }

        result = result with { Second = second, Precision = TemporalPrecision.Second };
        if (text.Length == 8)
        {
            return result;
        }

        var fraction = text[9..];
        if (text[8] != '.' || fraction.IsEmpty || fraction.ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        var nanosecond = 0;
        for (var i = 0; i < NanosecondDigits; i++)
        {
            nanosecond = (nanosecond * 10) + (i < fraction.Length ? fraction[i] - '0' : 0);
        }

        return result with { Nanosecond = nanosecond, FractionDigits = Math.Min(fraction.Length, NanosecondDigits) };
    }

    private static int? ParseOffset(ReadOnlySpan<char> text)
    {
        if (text is "Z")
        {
            return 0;
        }

        if (text.Length != 6 || text[3] != ':' || !Part(text, 1, 2, out var hours) || !Part(text, 4, 2, out var minutes) || minutes > 59 || (hours * 60) + minutes > 14 * 60)
        {
            return null;
        }

        return (text[0] == '-' ? -1 : 1) * ((hours * 60) + minutes);
    }

    private static bool Part(ReadOnlySpan<char> text, int start, int length, out int value)
    {
        value = 0;
        foreach (var c in text.Slice(start, length))
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            value = (value * 10) + (c - '0');
        }

        return true;
    }
}
