using System.Text.Json;
using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Values;

namespace AtcFhir.R4.FhirPath.Operators;

/// <summary>= and !=. <see href="https://hl7.org/fhirpath/N1/#equals"/></summary>
internal sealed class EqualsOperation(int position, Operation left, Operation right, bool negate) : BooleanOperation(position)
{
    public override bool? Truth(Evaluation run, in Scope scope)
    {
        var (first, second) = (run.Rent(), run.Rent());
        left.Append(run, scope, first);
        bool? equal = null;
        if (first.Count > 0)
        {
            right.Append(run, scope, second);
            equal = second.Count > 0 ? AreEqual(run, first, second) : null;
        }

        run.Return(first);
        run.Return(second);
        return negate ? !equal : equal;
    }

    private static bool? AreEqual(Evaluation run, ItemList left, ItemList right)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        bool? all = true;
        for (var i = 0; i < left.Count; i++)
        {
            run.Step();
            switch (ItemEquality.AreEqual(left[i], right[i]))
            {
                case false:
                    return false;
                case null:
                    all = null;
                    break;
            }
        }

        return all;
    }
}

/// <summary><c>a.exists() = b.exists()</c> and other comparisons of two conditions: no list.</summary>
internal sealed class EqualsTruthOperation(int position, BooleanOperation left, BooleanOperation right, bool negate) : BooleanOperation(position)
{
    public override bool? Truth(Evaluation run, in Scope scope) => left.Truth(run, scope) is { } a && right.Truth(run, scope) is { } b ? a == b != negate : null;
}

/// <summary><c>path = 'text'</c> and <c>path != 'text'</c>, the most frequent comparison of all: bytes with bytes, no list and no string.</summary>
internal sealed class EqualsTextOperation(int position, Operation left, ConstantOperation text, bool negate) : BooleanOperation(position)
{
    public override bool? Truth(Evaluation run, in Scope scope)
    {
        // Of many items and one text the lengths differ.
        bool? equal = left.Peek(run, scope, out var item) switch
        {
            0 => null,
            1 => IsText(item, text),
            _ => false,
        };
        return negate ? !equal : equal;
    }

    /// <summary>Is the item that text? Null of a primitive without a value.</summary>
    public static bool? IsText(FhirPathItem item, ConstantOperation text)
    {
        if (!item.IsNode)
        {
            return ItemEquality.OfValues(item, text.Value);
        }

        var node = item.Node;
        if (!node.IsPrimitive)
        {
            return false;
        }

        return !node.HasValue ? null : node.ValueKind == JsonTokenType.String && NodeValue.KindOf(node.Type) == FhirPathKind.String && node.TextEquals(text.Utf8);
    }
}

/// <summary>~ and !~. <see href="https://hl7.org/fhirpath/N1/#equivalent"/></summary>
internal sealed class EquivalentOperation(int position, Operation left, Operation right, bool negate) : BooleanOperation(position)
{
    public override bool? Truth(Evaluation run, in Scope scope)
    {
        var (first, second) = (run.Rent(), run.Rent());
        left.Append(run, scope, first);
        right.Append(run, scope, second);
        run.Step(1 + (int)Math.Min(int.MaxValue / 2, (long)first.Count * second.Count));
        var equivalent = ItemEquivalence.AreEquivalent(first.Span, second.Span);
        run.Return(first);
        run.Return(second);
        return equivalent != negate;
    }
}
