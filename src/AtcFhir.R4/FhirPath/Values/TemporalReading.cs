using System.Text;
using AtcFhir.R4.Values;

namespace AtcFhir.R4.FhirPath.Values;

/// <summary>
/// Dates and times as FHIRPath has them: missing parts are missing, an offset may lack, and "2015T" is a DateTime. Texts have no leading "@" or "T".
/// <see href="https://hl7.org/fhirpath/N1/#literals"/>
/// </summary>
internal static class TemporalReading
{
    /// <summary>The value, or null when the text is not one of that kind.</summary>
    public static FhirDateTime? Parse(FhirPathKind kind, ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = stackalloc byte[DateTimeText.Longest];
        return text.Length <= utf8.Length && Ascii.FromUtf16(text, utf8, out var length) == System.Buffers.OperationStatus.Done ? Parse(kind, utf8[..length]) : null;
    }

    public static FhirDateTime? Parse(FhirPathKind kind, ReadOnlySpan<byte> utf8)
    {
        if (kind == FhirPathKind.Time)
        {
            return FhirDateTime.TryParseTime(utf8, allowPartial: true, out var time) ? time : null;
        }

        var isOpen = kind == FhirPathKind.DateTime && utf8.IndexOf((byte)'T') is var t and >= 0 && t == utf8.Length - 1;
        return FhirDateTime.TryParsePartial(isOpen ? utf8[..^1] : utf8, out var value) && (kind == FhirPathKind.DateTime || value.Precision <= DateTimePrecision.Day) ? value : null;
    }

    /// <summary>What now(), today() and timeOfDay() are: a dateTime and a time have milliseconds, a time has no offset.</summary>
    public static FhirDateTime From(FhirPathKind kind, DateTimeOffset moment)
    {
        if (kind == FhirPathKind.Date)
        {
            return new FhirDateTime(DateTimePrecision.Day, moment.Year, moment.Month, moment.Day);
        }

        var time = new FhirDateTime(DateTimePrecision.Fraction, 1, hour: moment.Hour, minute: moment.Minute, second: moment.Second, isTime: true)
        {
            Nanosecond = moment.Millisecond * 1_000_000,
            FractionDigits = 3,
        };
        return kind == FhirPathKind.Time
            ? time
            : time with { Year = moment.Year, Month = moment.Month, Day = moment.Day, OffsetMinutes = (int)moment.Offset.TotalMinutes, IsTime = false };
    }
}
