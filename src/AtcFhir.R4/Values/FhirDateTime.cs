namespace AtcFhir.R4.Values;

/// <summary>
/// A FHIR date, dateTime, instant or time with the precision in which it is given: the half-open interval [Earliest, Latest) of moments that it
/// may mean. Ticks are 100 ns of UTC since 0001-01-01T00:00Z (of a time: since midnight); a text without offset counts as UTC.
/// Parsing allocates nothing. <see href="https://hl7.org/fhir/R4/datatypes.html#dateTime"/>
/// </summary>
public readonly struct FhirDateTime : IEquatable<FhirDateTime>
{
    internal const long TicksPerSecond = 10_000_000;
    internal const long TicksPerMinute = 60 * TicksPerSecond;
    internal const long TicksPerDay = 86_400 * TicksPerSecond;
    private const long UnixEpoch = 719_162 * TicksPerDay;
    private const int NoOffset = short.MinValue;

    private readonly short offset;

    internal FhirDateTime(long earliest, long latest, DateTimePrecision precision, int fractionDigits, int? offsetMinutes, bool isTime)
        => (Earliest, Latest, Precision, FractionDigits, offset, IsTime)
            = (earliest, latest, precision, (byte)fractionDigits, (short)(offsetMinutes ?? NoOffset), isTime);

    /// <summary>The first moment, in ticks.</summary>
    public long Earliest { get; }

    /// <summary>The first moment that it does not mean any more, in ticks.</summary>
    public long Latest { get; }

    public DateTimePrecision Precision { get; }

    /// <summary>Digits of the fraction of the second as written; beyond seven they are not told apart.</summary>
    public byte FractionDigits { get; }

    /// <summary>A time of day without a date.</summary>
    public bool IsTime { get; }

    /// <summary>The offset from UTC in minutes as written, 0 for Z; null when none is written.</summary>
    public int? OffsetMinutes => offset == NoOffset ? null : offset;

    /// <summary>Milliseconds since 1970-01-01T00:00Z, rounded down.</summary>
    public long EarliestUnixMilliseconds => (long)Math.Floor((Earliest - UnixEpoch) / 10_000m);

    /// <summary>Milliseconds since 1970-01-01T00:00Z, rounded up, so that the interval is covered.</summary>
    public long LatestUnixMilliseconds => (long)Math.Ceiling((Latest - UnixEpoch) / 10_000m);

    /// <summary>The earliest moment as a .NET value, in UTC; null outside of the years 1 to 9999.</summary>
    public DateTimeOffset? ToDateTimeOffset() => Earliest >= 0 && Earliest < DateTime.MaxValue.Ticks ? new DateTimeOffset(Earliest, TimeSpan.Zero) : null;

    /// <summary>Reads a date, dateTime or instant ("2018", "2018-10-16", "2018-10-16T08:30:00.5+02:00"); only what R4 allows and what is a real date.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out FhirDateTime value) => DateTimeText.TryParse(utf8, allowPartialTime: false, out value);

    /// <summary>As <see cref="TryParse(ReadOnlySpan{byte}, out FhirDateTime)"/>, but the time may end at the hour or minute and the offset may lack: FHIRPath literals and search values.</summary>
    public static bool TryParsePartial(ReadOnlySpan<byte> utf8, out FhirDateTime value) => DateTimeText.TryParse(utf8, allowPartialTime: true, out value);

    /// <summary>Reads a time, "08:30:00" or "08:30:00.5"; partly also "08" and "08:30".</summary>
    public static bool TryParseTime(ReadOnlySpan<byte> utf8, bool allowPartial, out FhirDateTime value) => DateTimeText.TryParseTime(utf8, allowPartial, out value);

    public static bool TryParse(ReadOnlySpan<char> text, out FhirDateTime value)
    {
        Span<byte> utf8 = stackalloc byte[DateTimeText.Longest];
        value = default;
        return text.Length <= utf8.Length
            && System.Text.Ascii.FromUtf16(text, utf8, out var length) == System.Buffers.OperationStatus.Done
            && TryParse(utf8[..length], out value);
    }

    /// <summary>
    /// Three-valued order: negative, zero or positive where the two intervals decide it, null where the precision leaves it open ("2018" and "2018-10").
    /// Two values of the same precision always have an order; seconds and fractions count as one precision.
    /// </summary>
    public int? CompareTo(FhirDateTime other)
    {
        if (Precision >= DateTimePrecision.Second && other.Precision >= DateTimePrecision.Second)
        {
            return Earliest.CompareTo(other.Earliest);
        }

        if (Earliest == other.Earliest && Latest == other.Latest)
        {
            return 0;
        }

        return Latest <= other.Earliest ? -1 : other.Latest <= Earliest ? 1 : null;
    }

    /// <summary>True when this is wholly before, false when it cannot be, null when the precision leaves it open.</summary>
    public bool? IsBefore(FhirDateTime other) => CompareTo(other) is { } order ? order < 0 : null;

    public bool? IsAfter(FhirDateTime other) => other.IsBefore(this);

    /// <summary>The same interval in the same precision; the offset may differ.</summary>
    public bool Equals(FhirDateTime other) => Earliest == other.Earliest && Latest == other.Latest && IsTime == other.IsTime;

    public override bool Equals(object? obj) => obj is FhirDateTime other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Earliest, Latest);

    public static bool operator ==(FhirDateTime left, FhirDateTime right) => left.Equals(right);

    public static bool operator !=(FhirDateTime left, FhirDateTime right) => !left.Equals(right);
}
