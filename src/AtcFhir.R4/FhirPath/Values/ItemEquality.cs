using AtcFhir.R4.Documents;

namespace AtcFhir.R4.FhirPath.Values;

/// <summary>The = operator on two items: true, false, or unknown. <see href="https://hl7.org/fhirpath/N1/#equals"/></summary>
internal static class ItemEquality
{
    public static bool? AreEqual(FhirPathItem left, FhirPathItem right)
    {
        if (left.IsNode && right.IsNode)
        {
            var (first, second) = (left.Node, right.Node);
            if (first == second)
            {
                return true;
            }

            if (first.IsPrimitive != second.IsPrimitive)
            {
                return false;
            }

            if (!first.IsPrimitive)
            {
                return DeepEqual(first, second)
                    || (left.ToSystem() is { Kind: FhirPathKind.Quantity } x && right.ToSystem() is { Kind: FhirPathKind.Quantity } y && OfValues(x, y) == true);
            }

            if (SameText(first, second) is { } same)
            {
                return same;
            }
        }

        if (left.IsNode && right.Kind == FhirPathKind.String && TextEquals(left.Node, right.String) is { } forward)
        {
            return forward;
        }

        if (right.IsNode && left.Kind == FhirPathKind.String && TextEquals(right.Node, left.String) is { } backward)
        {
            return backward;
        }

        return OfValues(left.ToSystem(), right.ToSystem());
    }

    // A node against a text without making a string of it; null when that needs a closer look.
    private static bool? TextEquals(Node node, string text)
        => node.HasValue && !node.IsEscaped && NodeValue.KindOf(node.Type) == FhirPathKind.String && System.Text.Ascii.IsValid(node.RawValue)
            ? System.Text.Ascii.Equals(node.RawValue, text)
            : null;

    /// <summary>Two System values; "no value" makes it unknown.</summary>
    public static bool? OfValues(FhirPathItem a, FhirPathItem b)
    {
        if (a.Kind == FhirPathKind.None || b.Kind == FhirPathKind.None)
        {
            return null;
        }

        switch (a.Kind, b.Kind)
        {
            case (FhirPathKind.Boolean, FhirPathKind.Boolean):
                return a.IsTrue == b.IsTrue;
            case (FhirPathKind.Integer, FhirPathKind.Integer):
                return a.Number == b.Number;
            case (FhirPathKind.String, FhirPathKind.String):
                return a.String == b.String;
            case (FhirPathKind.Time, FhirPathKind.Time):
            case (FhirPathKind.Date or FhirPathKind.DateTime, FhirPathKind.Date or FhirPathKind.DateTime):
                return TemporalComparison.AreEqual(a.Temporal, b.Temporal);
            case (FhirPathKind.Integer or FhirPathKind.Decimal, FhirPathKind.Integer or FhirPathKind.Decimal):
                return a.Decimal.Equals(b.Decimal);
            case (FhirPathKind.TypeInfo, FhirPathKind.TypeInfo):
                return a.Type == b.Type;
        }

        if ((a.Kind == FhirPathKind.Quantity || b.Kind == FhirPathKind.Quantity) && ItemArithmetic.AsQuantity(a) is { } left && ItemArithmetic.AsQuantity(b) is { } right)
        {
            return QuantityUnits.Align(left, right, loosely: false) is var (x, y) ? x.Equals(y) : null;
        }

        return false;
    }

    // Two strings of the same look are equal whatever they are; null when the text alone does not decide.
    private static bool? SameText(Node first, Node second)
    {
        if (!first.HasValue || !second.HasValue || NodeValue.KindOf(first.Type) != FhirPathKind.String || NodeValue.KindOf(second.Type) != FhirPathKind.String)
        {
            return null;
        }

        return first.IsEscaped || second.IsEscaped ? first.Text == second.Text : first.RawValue.SequenceEqual(second.RawValue);
    }

    /// <summary>The same children in the same order, each equal; primitives by value, then by their own children.</summary>
    private static bool DeepEqual(Node first, Node second)
    {
        if (first.IsPrimitive != second.IsPrimitive || (first.IsPrimitive && first.HasValue != second.HasValue))
        {
            return false;
        }

        if (first.IsPrimitive && first.HasValue && OfValues(((FhirPathItem)first).ToSystem(), ((FhirPathItem)second).ToSystem()) != true)
        {
            return false;
        }

        // Children may stand in any order of names in JSON; occurrences of one name keep theirs.
        if (first.Children.Count != second.Children.Count)
        {
            return false;
        }

        foreach (var child in first.Children)
        {
            var other = default(Node);
            foreach (var candidate in second.ChildrenOf(child.Name))
            {
                if (candidate.Repetition == child.Repetition)
                {
                    other = candidate;
                }
            }

            if (!other.Exists || !ReferenceEquals(child.Type, other.Type) || !DeepEqual(child, other))
            {
                return false;
            }
        }

        return true;
    }
}
