using System.Text;
using AtcFhir.R4.Values;

namespace AtcFhir.Store.Values;

/// <summary>
/// A span of time [From, To) in ticks (100 ns) of UTC, as wide as the precision of what was written: "2018" is the whole year.
/// A fraction of a second counts as that one tick, whatever its digits. <see href="https://hl7.org/fhir/R4/search.html#date"/>
/// </summary>
internal readonly record struct TimeRange(long From, long To)
{
    public const long Earliest = long.MinValue;
    public const long Latest = long.MaxValue;

    private const int LongestText = 64;

    /// <summary>Reads a FHIR date, dateTime or instant, and what only search allows: a time that ends at the minute, or has no zone (then UTC).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeRange range)
    {
        Span<byte> utf8 = stackalloc byte[LongestText];
        range = default;
        return text.Length <= LongestText && Encoding.UTF8.TryGetBytes(text, utf8, out var length) && TryParse(utf8[..length], out range);
    }

    public static bool TryParse(ReadOnlySpan<byte> utf8, out TimeRange range)
    {
        var isDate = FhirDateTime.TryParsePartial(utf8, out var value);
        range = isDate ? new TimeRange(value.Earliest, value.Precision == DateTimePrecision.Fraction ? value.Earliest + 1 : value.Latest) : default;
        return isDate;
    }

    public TimeRange Widen(long ticks) => new(From - ticks, To + ticks);
}
