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
    public static int? Compare(Temporal left, Temporal right)
    {
        if (left.Offset is { } leftOffset && right.Offset is { } rightOffset)
        {
            return leftOffset == rightOffset ? Parts(left, right) : Parts(At(left, 0), At(right, 0));
        }

        if (left.Offset is not null && right.Precision > TemporalPrecision.Day)
        {
            return -WithUnknownOffset(right, left);
        }

        if (right.Offset is not null && left.Precision > TemporalPrecision.Day)
        {
            return WithUnknownOffset(left, right);
        }

        return Parts(left, right);
    }

    /// <summary>True or false by value; null where precision or an unknown offset leaves it open.</summary>
    public static bool? AreEqual(Temporal left, Temporal right) => Compare(left, right) switch
    {
        null => null,
        var order => order == 0,
    };

    private static int? WithUnknownOffset(Temporal local, Temporal fixedMoment)
    {
        var first = Parts(local, At(fixedMoment, LeastOffset));
        var last = Parts(local, At(fixedMoment, GreatestOffset));
        return first is { } a && last is { } b && Math.Sign(a) == Math.Sign(b) ? a : null;
    }

    private static int? Parts(Temporal left, Temporal right)
    {
        var common = (TemporalPrecision)Math.Min((int)left.Precision, (int)right.Precision);
        var order = left.Year.CompareTo(right.Year);
        order = order != 0 || common < TemporalPrecision.Month ? order : left.Month.CompareTo(right.Month);
        order = order != 0 || common < TemporalPrecision.Day ? order : left.Day.CompareTo(right.Day);
        order = order != 0 || common < TemporalPrecision.Hour ? order : left.Hour.CompareTo(right.Hour);
        order = order != 0 || common < TemporalPrecision.Minute ? order : left.Minute.CompareTo(right.Minute);
        order = order != 0 || common < TemporalPrecision.Second ? order : (left.Second, left.Nanosecond).CompareTo((right.Second, right.Nanosecond));
        return order == 0 && left.Precision != right.Precision ? null : order;
    }

    /// <summary>The same moment at another offset; its precision stays.</summary>
    private static Temporal At(Temporal value, int offset)
    {
        var shift = offset - value.Offset!.Value;
        var minutes = (value.Hour * 60) + value.Minute + shift;
        var days = (int)Math.Floor(minutes / 1440.0);
        minutes -= days * 1440;
        var date = new DateTime(value.Year, value.Month, value.Day, 0, 0, 0, DateTimeKind.Unspecified);
        if ((days < 0 && date == DateTime.MinValue) || (days > 0 && date.Date == DateTime.MaxValue.Date))
        {
            return value with { Offset = offset };
        }

        date = date.AddDays(days);
        return value with { Year = date.Year, Month = date.Month, Day = date.Day, Hour = minutes / 60, Minute = minutes % 60, Offset = offset };
    }
}
