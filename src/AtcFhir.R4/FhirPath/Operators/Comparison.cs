using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Typing;
using AtcFhir.R4.FhirPath.Values;

namespace AtcFhir.R4.FhirPath.Operators;

/// <summary>&lt;, &gt;, &lt;=, &gt;=. <see href="https://hl7.org/fhirpath/N1/#comparison"/></summary>
internal sealed class ComparisonOperation(int position, string op, Operation left, Operation right) : BooleanOperation(position)
{
    public override bool? Truth(Evaluation run, in Scope scope)
    {
        var (one, other) = (left.Single(run, scope), right.Single(run, scope));
        return ItemOrder.TryCompareUnboxed(one, other, out var order) ? Holds(order) : Holds(CompareValues(run, one.ToSystem(), other.ToSystem()));
    }

    private int? CompareValues(Evaluation run, FhirPathItem a, FhirPathItem b)
    {
        if (a.Kind == FhirPathKind.None || b.Kind == FhirPathKind.None)
        {
            return null;
        }

        if (!ItemOrder.HaveOrder(a.Kind, b.Kind))
        {
            throw run.Fault(Position, $"{Name(a)} and {Name(b)} cannot be compared with {op}.");
        }

        return ItemOrder.Compare(a, b);
    }

    private bool? Holds(int? order) => order is not { } known ? null : op switch
    {
        "<" => known < 0,
        ">" => known > 0,
        "<=" => known <= 0,
        _ => known >= 0,
    };

    private static string Name(FhirPathItem item) => item.IsNode ? "a " + item.Node.Type.Name : Kinds.Of(item.Kind).Words();
}
