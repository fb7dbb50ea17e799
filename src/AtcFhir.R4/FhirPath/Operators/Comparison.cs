using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Typing;
using AtcFhir.R4.FhirPath.Values;

namespace AtcFhir.R4.FhirPath.Operators;

/// <summary>&lt;, &gt;, &lt;=, &gt;=. <see href="https://hl7.org/fhirpath/N1/#comparison"/></summary>
internal sealed class ComparisonOperation(int position, string op, Operation left, Operation right) : BooleanOperation(position)
{
    public override bool? Truth(Evaluation run, in Scope scope)
    {
        var a = left.Single(run, scope).ToSystem();
        var b = right.Single(run, scope).ToSystem();
        if (a.Kind == FhirPathKind.None || b.Kind == FhirPathKind.None)
        {
            return null;
        }

        if (!ItemOrder.HaveOrder(a.Kind, b.Kind))
        {
            throw run.Fault(Position, $"{Name(a)} and {Name(b)} cannot be compared with {op}.");
        }

        if (ItemOrder.Compare(a, b) is not { } order)
        {
            return null;
        }

        return op switch
        {
            "<" => order < 0,
            ">" => order > 0,
            "<=" => order <= 0,
            _ => order >= 0,
        };
    }

    private static string Name(FhirPathItem item) => item.IsNode ? "a " + item.Node.Type.Name : Kinds.Of(item.Kind).Words();
}
