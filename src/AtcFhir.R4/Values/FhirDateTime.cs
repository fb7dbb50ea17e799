namespace AtcFhir.R4.Values;

/// <summary>
/// A FHIR date, dateTime, instant or time with the precision in which it is given: the parts as written, and the half-open interval [Earliest, Latest)
/// of moments that it may mean. Ticks are 100 ns of UTC since 0001-01-01T00:00Z (of a time: since midnight); a text without offset counts as UTC.
/// Parsing allocates nothing. <see href="https://hl7.org/fhir/R4/datatypes.html#dateTime"/>
/// </summary>
public readonly record struct FhirDateTime
{
    internal const long TicksPerSecond = 10_000_000;
    internal const long TicksPerMinute = 60 * TicksPerSecond;
    internal const long TicksPerDay = 86_400 * TicksPerSecond;
    internal const int NanosecondDigits = 9;
    private const int NanosecondsPerTick = 100;
    private const long UnixEpoch = 719_162 * TicksPerDay;
    private const int NoOffset = short.MinValue;

    // Zero-based, so that the default is 0001-01-01, too.
    private readonly short year;
    private readonly byte month;
    private readonly byte day;
    private readonly byte hour;
    private readonly byte minute;
    private readonly byte second;
    private readonly short offset;

    internal FhirDateTime(DateTimePrecision precision, int year, int month = 1, int day = 1, int hour = 0, int minute = 0, int second = 0, int? offsetMinutes = null, bool isTime = false)
    {
        Precision = precision;
        (Year, Month, Day, Hour, Minute, Second) = (year, month, day, hour, minute, second);
        OffsetMinutes = offsetMinutes;
        IsTime = isTime;
    }

    public DateTimePrecision Precision { get; internal init; }

    /// <summary>1 to 9999; of a time, and where it is not given, 1. So for the other parts: what is not given is the least.</summary>
    public int Year { get => year + 1; internal init => year = (short)(value - 1); }

    public int Month { get => month + 1; internal init => month = (byte)(value - 1); }

    public int Day { get => day + 1; internal init => day = (byte)(value - 1); }

    public int Hour { get => hour; internal init => hour = (byte)value; }

    public int Minute { get => minute; internal init => minute = (byte)value; }

    /// <summary>A leap second is 60; as a moment it falls together with the first second of the next minute.</summary>
    public int Second { get => second; internal init => second = (byte)value; }

    /// <summary>The first nine digits of the fraction.</summary>
    public int Nanosecond { get; internal init; }

    /// <summary>Digits of the fraction of the second as written; as moments they are told apart up to seven, else up to nine.</summary>
    public byte FractionDigits { get; internal init; }

    /// <summary>A time of day without a date.</summary>
    public bool IsTime { get; internal init; }

    /// <summary>The offset from UTC in minutes as written, 0 for Z; null when none is written.</summary>
    public int? OffsetMinutes { get => offset == NoOffset ? null : offset; internal init => offset = (short)(value ?? NoOffset); }

    /// <summary>How an offset of zero is written.</summary>
    internal ZeroOffset ZeroOffset { get; init; }

    /// <summary>What is written of the fraction beyond the nanoseconds; null when there is nothing.</summary>
    internal string? FinerDigits { get; init; }

    /// <summary>The first moment, in ticks.</summary>
    public long Earliest
        => Midnight(Year, Month, Day) + (((Hour * 60L) + Minute - (OffsetMinutes ?? 0)) * TicksPerMinute) + (Second * TicksPerSecond) + (Nanosecond / NanosecondsPerTick);

    /// <summary>The first moment that it does not mean any more, in ticks.</summary>
    public long Latest => Precision switch
    {
        DateTimePrecision.Year => Midnight(Year, 12, 31) + TicksPerDay,
        DateTimePrecision.Month => Midnight(Year, Month, DateTime.DaysInMonth(Year, Month)) + TicksPerDay,
        DateTimePrecision.Day => Earliest + TicksPerDay,
        DateTimePrecision.Hour => Earliest + (60 * TicksPerMinute),
        DateTimePrecision.Minute => Earliest + TicksPerMinute,
        DateTimePrecision.Second => Earliest + TicksPerSecond,
        _ => Earliest + FractionWidth(FractionDigits),
    };

    /// <summary>Milliseconds since 1970-01-01T00:00Z, rounded down.</summary>
    public long EarliestUnixMilliseconds => (long)Math.Floor((Earliest - UnixEpoch) / 10_000m);

    /// <summary>Milliseconds since 1970-01-01T00:00Z, rounded up, so that the interval is covered.</summary>
    public long LatestUnixMilliseconds => (long)Math.Ceiling((Latest - UnixEpoch) / 10_000m);

    /// <summary>The earliest moment as a .NET value, in UTC; null outside of the years 1 to 9999.</summary>
    public DateTimeOffset? ToDateTimeOffset() => Earliest is var ticks && ticks >= 0 && ticks < DateTime.MaxValue.Ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>A day of the calendar.</summary>
    public static FhirDateTime Of(DateOnly day) => new(DateTimePrecision.Day, day.Year, day.Month, day.Day);

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

    /// <summary>As <see cref="TryParse(ReadOnlySpan{char}, out FhirDateTime)"/>; null when the text is no date, dateTime or instant.</summary>
    public static FhirDateTime? Parse(string? text) => text is not null && TryParse(text, out var value) ? value : null;

    /// <summary>
    /// Three-valued order: negative, zero or positive where the two intervals decide it, null where the precision leaves it open ("2018" and "2018-10").
    /// Two values of the same precision always have an order; seconds and fractions count as one precision.
    /// </summary>
    public int? CompareTo(FhirDateTime other)
    {
        var (earliest, otherEarliest) = (Earliest, other.Earliest);
        if (Precision >= DateTimePrecision.Second && other.Precision >= DateTimePrecision.Second)
        {
            return earliest.CompareTo(otherEarliest);
        }

        var (latest, otherLatest) = (Latest, other.Latest);
        if (earliest == otherEarliest && latest == otherLatest)
        {
            return 0;
        }

        return latest <= otherEarliest ? -1 : otherLatest <= earliest ? 1 : null;
    }

    /// <summary>True when this is wholly before, false when it cannot be, null when the precision leaves it open.</summary>
    public bool? IsBefore(FhirDateTime other) => CompareTo(other) is { } order ? order < 0 : null;

    public bool? IsAfter(FhirDateTime other) => other.IsBefore(this);

    /// <summary>The same interval in the same precision; the offset may differ.</summary>
    public bool Equals(FhirDateTime other) => Earliest == other.Earliest && Latest == other.Latest && IsTime == other.IsTime;

    public override int GetHashCode() => HashCode.Combine(Earliest, Latest);

    /// <summary>The date with no more than that precision, a year, month or day, for what must not say more.</summary>
    public FhirDateTime ToDate(DateTimePrecision most)
    {
        var precision = (DateTimePrecision)Math.Min((byte)Precision, (byte)most);
        return new(precision, Year, precision >= DateTimePrecision.Month ? Month : 1, precision >= DateTimePrecision.Day ? Day : 1);
    }

    /// <summary>The text that was read.</summary>
    public override string ToString() => DateTimeText.Of(this);

    /// <summary>How wide the last of so many digits behind the second is, in ticks.</summary>
    private static long FractionWidth(int digits)
    {
        var width = TicksPerSecond;
        for (; digits > 0 && width > 1; digits--)
        {
            width /= 10;
        }

        return width;
    }

    private static long Midnight(int year, int month, int day) => new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks;
}

/// <summary>The ways to write an offset of zero.</summary>
internal enum ZeroOffset : byte
{
    Zulu,
    Plus,
    Minus,
}
