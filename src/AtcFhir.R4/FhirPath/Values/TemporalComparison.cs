using AtcFhir.R4.Values;

namespace AtcFhir.R4.FhirPath.Values;

/// <summary>
/// Comparison with partial precision: part by part, until one differs; unknown (null) where only one side goes on.
/// <see href="https://hl7.org/fhirpath/N1/#datetime-equality"/>
/// </summary>
internal static class TemporalComparison
{
    // Where a time has no offset, it may have any that exists.
    private const int LeastOffset = -12 * 60;
    private const int GreatestOffset = 14 * 60;

    /// <summary>Negative, zero or positive; null when the parts that are given do not decide. Both are of the same family (Time, or Date and DateTime).</summary>
    public static int? Compare(FhirDateTime left, FhirDateTime right)
    {
        if (left.OffsetMinutes is { } leftOffset && right.OffsetMinutes is { } rightOffset)
        {
            return leftOffset == rightOffset ? Parts(left, right) : Parts(At(left, 0), At(right, 0));
        }

        if (left.OffsetMinutes is not null && right.Precision > DateTimePrecision.Day)
        {
            return -WithUnknownOffset(right, left);
        }

        if (right.OffsetMinutes is not null && left.Precision > DateTimePrecision.Day)
        {
            return WithUnknownOffset(left, right);
        }

        return Parts(left, right);
    }

    /// <summary>True or false by value; null where precision or an unknown offset leaves it open.</summary>
    public static bool? AreEqual(FhirDateTime left, FhirDateTime right) => Compare(left, right) switch
    {
        null => null,
        var order => order == 0,
    };

    private static int? WithUnknownOffset(FhirDateTime local, FhirDateTime fixedMoment)
    {
        var first = Parts(local, At(fixedMoment, LeastOffset));
        var last = Parts(local, At(fixedMoment, GreatestOffset));
        return first is { } a && last is { } b && Math.Sign(a) == Math.Sign(b) ? a : null;
    }

    private static int? Parts(FhirDateTime left, FhirDateTime right)
    {
        var common = (DateTimePrecision)Math.Min((int)left.Level(), (int)right.Level());
        var order = left.Year.CompareTo(right.Year);
        order = order != 0 || common < DateTimePrecision.Month ? order : left.Month.CompareTo(right.Month);
        order = order != 0 || common < DateTimePrecision.Day ? order : left.Day.CompareTo(right.Day);
        order = order != 0 || common < DateTimePrecision.Hour ? order : left.Hour.CompareTo(right.Hour);
        order = order != 0 || common < DateTimePrecision.Minute ? order : left.Minute.CompareTo(right.Minute);
        order = order != 0 || common < DateTimePrecision.Second ? order : (left.Second, left.Nanosecond).CompareTo((right.Second, right.Nanosecond));
        return order == 0 && left.Level() != right.Level() ? null : order;
    }

    /// <summary>The same moment at another offset; its precision stays.</summary>
    private static FhirDateTime At(FhirDateTime value, int offset)
    {
        var shift = offset - value.OffsetMinutes!.Value;
        var minutes = (value.Hour * 60) + value.Minute + shift;
        var days = (int)Math.Floor(minutes / 1440.0);
        minutes -= days * 1440;
        var date = new DateTime(value.Year, value.Month, value.Day, 0, 0, 0, DateTimeKind.Unspecified);
        if ((days < 0 && date == DateTime.MinValue) || (days > 0 && date.Date == DateTime.MaxValue.Date))
        {
            return value with { OffsetMinutes = offset };
        }

        date = date.AddDays(days);
        return value with { Year = date.Year, Month = date.Month, Day = date.Day, Hour = minutes / 60, Minute = minutes % 60, OffsetMinutes = offset };
    }
}
