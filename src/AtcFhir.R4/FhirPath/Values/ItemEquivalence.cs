using AtcFhir.R4.Documents;
using AtcFhir.R4.Values;

namespace AtcFhir.R4.FhirPath.Values;

/// <summary>The ~ operator on two items. <see href="https://hl7.org/fhirpath/N1/#equivalent"/></summary>
internal static class ItemEquivalence
{
    public static bool AreEquivalent(FhirPathItem left, FhirPathItem right)
    {
        var (a, b) = (left.ToSystem(), right.ToSystem());
        if (a.Kind == FhirPathKind.None || b.Kind == FhirPathKind.None)
        {
            return a.Kind == b.Kind && left.IsNode && right.IsNode && DeepEquivalent(left.Node, right.Node);
        }

        switch (a.Kind, b.Kind)
        {
            case (FhirPathKind.String, FhirPathKind.String):
                return Words(a.String).Equals(Words(b.String), StringComparison.OrdinalIgnoreCase);
            case (FhirPathKind.Integer or FhirPathKind.Decimal, FhirPathKind.Integer or FhirPathKind.Decimal):
                return Decimals(a.Decimal, b.Decimal);
            case (FhirPathKind.Time, FhirPathKind.Time):
            case (FhirPathKind.Date or FhirPathKind.DateTime, FhirPathKind.Date or FhirPathKind.DateTime):
                return TemporalComparison.AreEqual(a.Temporal, b.Temporal) == true;
            case (FhirPathKind.Node, FhirPathKind.Node):
                return DeepEquivalent(a.Node, b.Node);
            case (FhirPathKind.Node, _) or (_, FhirPathKind.Node):
                return false;
        }

        if (a.Kind == FhirPathKind.Quantity || b.Kind == FhirPathKind.Quantity)
        {
            return ItemArithmetic.AsQuantity(a) is { } x && ItemArithmetic.AsQuantity(b) is { } y
                && QuantityUnits.Align(x, y, loosely: true) is var (first, second) && Decimals(first, second);
        }

        return ItemEquality.OfValues(a, b) == true;
    }

    /// <summary>Two collections: the same number of items, each with a partner, in any order.</summary>
    public static bool AreEquivalent(ReadOnlySpan<FhirPathItem> left, ReadOnlySpan<FhirPathItem> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        var taken = new bool[right.Length];
        foreach (var item in left)
        {
            var found = false;
            for (var i = 0; i < right.Length && !found; i++)
            {
                if (!taken[i] && AreEquivalent(item, right[i]))
                {
                    taken[i] = found = true;
                }
            }

            if (!found)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Equal when both are rounded to the precision of the less precise one; trailing zeros do not count.</summary>
    private static bool Decimals(FhirDecimal left, FhirDecimal right)
    {
        var scale = Math.Min(left.Trim().Scale, right.Trim().Scale);
        return left.Round(scale).Equals(right.Round(scale));
    }

    private static string Words(string text)
        => string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsWhiteSpace(source[i]) ? ' ' : source[i];
            }
        });

    private static bool DeepEquivalent(Node first, Node second)
    {
        if (first == second)
        {
            return true;
        }

        if (first.IsPrimitive && second.IsPrimitive && (first.HasValue || second.HasValue))
        {
            return first.HasValue && second.HasValue && AreEquivalent(first, second);
        }

        var (left, right) = (Items(first), Items(second));
        return left.Length == right.Length && left.GroupBy(item => item.Node.Name).All(group =>
            AreEquivalent(group.ToArray(), right.Where(item => item.Node.Name == group.Key).ToArray()));
    }

    private static FhirPathItem[] Items(Node node)
    {
        var items = new List<FhirPathItem>();
        foreach (var child in node.Children)
        {
            items.Add(child);
        }

        return [.. items];
    }
}
