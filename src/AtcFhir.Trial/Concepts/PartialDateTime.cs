using System.Text.RegularExpressions;

namespace AtcFhir.Trial.Concepts;

/// <summary>
/// A FHIR date or dateTime with the precision that it was written with: a year, a month, a day or a moment. It is an interval, never
/// silently completed. <see href="https://hl7.org/fhir/R4/datatypes.html#dateTime"/>
/// </summary>
public readonly partial record struct PartialDateTime
{
    private PartialDateTime(string text, DateTimeOffset earliest, DateTimeOffset end) => (Text, Earliest, End) = (text, earliest, end);

    /// <summary>As written: <c>2018</c>, <c>2018-10</c>, <c>2018-10-16</c>, <c>2018-10-16T09:30:00+02:00</c>.</summary>
    public string Text { get; }

    /// <summary>First moment of the interval, UTC. A year, month or day, which carry no zone, are read as UTC.</summary>
    public DateTimeOffset Earliest { get; }

    /// <summary>First moment after the interval, UTC.</summary>
    public DateTimeOffset End { get; }

    /// <summary>The year alone, for what must not say more.</summary>
    public PartialDateTime YearOnly => Parse(Text[..4])!.Value;

    /// <summary>The value, or null when the text is not a date or dateTime of R4 (a moment needs a zone, a day must exist).</summary>
    public static PartialDateTime? Parse(string? text)
    {
        if (text is null || Form().Match(text) is not { Success: true } match)
            return null;

        var year = int.Parse(match.Groups["y"].ValueSpan, CultureInfo.InvariantCulture);
        if (year == 0)
            return null;
        if (!match.Groups["m"].Success)
            return Interval(text, new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero), start => year == 9999 ? DateTimeOffset.MaxValue : start.AddYears(1));

        var month = int.Parse(match.Groups["m"].ValueSpan, CultureInfo.InvariantCulture);
        if (month is < 1 or > 12)
            return null;
        if (!match.Groups["d"].Success)
            return Interval(text, new DateTimeOffset(year, month, 1, 0, 0, 0, TimeSpan.Zero), start => year == 9999 && month == 12 ? DateTimeOffset.MaxValue : start.AddMonths(1));

        if (!DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return null;
        if (text.Length == 10)
            return Interval(text, new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero), start => day == DateOnly.MaxValue ? DateTimeOffset.MaxValue : start.AddDays(1));

        return DateTimeOffset.TryParse(WithoutFraction(text), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var moment)
            ? Moment(text, moment, match.Groups["f"])
            : null;
    }

    public override string ToString() => Text;

    private static PartialDateTime Interval(string text, DateTimeOffset start, Func<DateTimeOffset, DateTimeOffset> end) => new(text, start, end(start));

    // A fraction may have more digits than a tick can hold: what is beyond does not count, the text keeps it.
    private static PartialDateTime Moment(string text, DateTimeOffset second, Group fraction)
    {
        if (!fraction.Success)
            return new(text, second, After(second, TimeSpan.TicksPerSecond));

        var digits = fraction.Value[1..].PadRight(7, '0')[..7];
        var start = second.AddTicks(long.Parse(digits, CultureInfo.InvariantCulture));
        var width = (long)Math.Pow(10, Math.Max(0, 7 - (fraction.Length - 1)));
        return new(text, start, After(start, width));
    }

    private static DateTimeOffset After(DateTimeOffset start, long ticks)
        => DateTimeOffset.MaxValue.Ticks - start.Ticks < ticks ? DateTimeOffset.MaxValue : start.AddTicks(ticks);

    private static string WithoutFraction(string text) => Fraction().Replace(text, string.Empty);

    [GeneratedRegex(@"^(?<y>\d{4})(-(?<m>\d{2})(-(?<d>\d{2})(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?<f>\.\d+)?(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00)))?)?)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();

    [GeneratedRegex(@"\.\d+")]
    private static partial Regex Fraction();
}
