namespace AtcFhir.R4.FhirPath.Values;

/// <summary>The order behind &lt;, &gt; and sort(). <see href="https://hl7.org/fhirpath/N1/#comparison"/></summary>
internal static class ItemOrder
{
    /// <summary>Can values of these kinds be ordered at all?</summary>
    public static bool HaveOrder(FhirPathKind left, FhirPathKind right) => (left, right) switch
    {
        (FhirPathKind.String, FhirPathKind.String) => true,
        (FhirPathKind.Time, FhirPathKind.Time) => true,
        (FhirPathKind.Date or FhirPathKind.DateTime, FhirPathKind.Date or FhirPathKind.DateTime) => true,
        (FhirPathKind.Integer or FhirPathKind.Decimal or FhirPathKind.Quantity, FhirPathKind.Integer or FhirPathKind.Decimal or FhirPathKind.Quantity) => true,
        _ => false,
    };

    /// <summary>Negative, zero or positive; null where precision or units leave it open. The kinds must <see cref="HaveOrder"/>.</summary>
    public static int? Compare(FhirPathItem a, FhirPathItem b)
    {
        switch (a.Kind)
        {
            case FhirPathKind.String:
                return CompareText(a.String, b.String);
            case FhirPathKind.Date or FhirPathKind.DateTime or FhirPathKind.Time:
                return TemporalComparison.Compare(a.Temporal, b.Temporal);
            case FhirPathKind.Integer when b.Kind == FhirPathKind.Integer:
                return a.Number.CompareTo(b.Number);
        }

        if (a.Kind != FhirPathKind.Quantity && b.Kind != FhirPathKind.Quantity)
        {
            return a.Decimal.CompareTo(b.Decimal);
        }

        return QuantityUnits.Align(ItemArithmetic.AsQuantity(a)!, ItemArithmetic.AsQuantity(b)!, loosely: false) is var (left, right) ? left.CompareTo(right) : null;
    }

    /// <summary>
    /// The same for the usual numbers, moments and quantities, without an object for the value of a node. False where that does not tell, as of a text that is none.
    /// </summary>
    public static bool TryCompareUnboxed(FhirPathItem a, FhirPathItem b, out int? order)
    {
        if (NodeValue.NumberOf(a) is { } number && NodeValue.NumberOf(b) is { } otherNumber)
        {
            order = number.CompareTo(otherNumber);
            return true;
        }

        if (NodeValue.MomentOf(a) is { } moment && NodeValue.MomentOf(b) is { } otherMoment)
        {
            order = TemporalComparison.Compare(moment, otherMoment);
            return true;
        }

        if (a.IsNode && b.IsNode && NodeValue.NumbersOverOneUnit(a.Node, b.Node) is var (left, right))
        {
            order = left.CompareTo(right);
            return true;
        }

        order = null;
        return false;
    }

    // By Unicode scalar values: surrogates stand for characters above all others.
    private static int CompareText(string left, string right)
    {
        var length = Math.Min(left.Length, right.Length);
        for (var i = 0; i < length; i++)
        {
            var (a, b) = (left[i], right[i]);
            if (a != b)
            {
                return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
            }
        }

        return left.Length.CompareTo(right.Length);
    }
}
