using System.Text.Json;
using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Functions;
using AtcFhir.R4.FhirPath.Typing;

namespace AtcFhir.R4.FhirPath.Operators;

/// <summary><c>x is T</c> and is(T). <see href="https://hl7.org/fhirpath/N1/#is-type-specifier"/></summary>
internal sealed class IsOperation(int position, Operation input, TypeMatch type) : BooleanOperation(position)
{
    public override bool? Truth(Evaluation run, in Scope scope) => input.Single(run, scope) is { Exists: true } item ? type.Matches(item) : null;
}

/// <summary><c>x as T</c> and as(T): one item at most. <see href="https://hl7.org/fhirpath/N1/#as-type-specifier"/></summary>
internal sealed class AsOperation(int position, Operation input, TypeMatch type) : SingleOperation(position)
{
    public override FhirPathItem Single(Evaluation run, in Scope scope) => input.Single(run, scope) is { Exists: true } item && type.Matches(item) ? item : default;
}

/// <summary>ofType(T): the items of that type. <see href="https://hl7.org/fhirpath/N1/#oftype"/></summary>
internal sealed class OfTypeOperation(int position, Operation input, TypeMatch type) : Operation(position)
{
    private readonly bool isOfDescendants = type.Fhir is not null && input is DescendantsOperation { IsOfThis: true };
    private readonly bool isSpecialised = type.Fhir is { } fhir && R4Definitions.Types.Any(other => ReferenceEquals(other.Base, fhir));

    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        if (IsBelowObject(scope, out var node))
        {
            AppendDescendants(run, node, output);
            return;
        }

        var list = run.Rent();
        input.Append(run, scope, list);
        run.Step(list.Count);
        foreach (ref readonly var item in list.Span)
        {
            if (type.Matches(item))
            {
                output.Add(item);
            }
        }

        run.Return(list);
    }

    public override bool AnyWhere(Evaluation run, in Scope scope, Operation criteria)
    {
        if (!IsBelowObject(scope, out var node))
        {
            return base.AnyWhere(run, scope, criteria);
        }

        var index = 0;
        for (var i = Next(run, node, node.Index); i > 0; i = Next(run, node, i))
        {
            if (Holds(run, scope, criteria, node.Document.NodeAt(i), index++))
            {
                return true;
            }
        }

        return false;
    }

    public override bool PeeksWithoutList => input.PeeksWithoutList;

    public override int Peek(Evaluation run, in Scope scope, out FhirPathItem first)
    {
        first = default;
        switch (!input.PeeksWithoutList ? 2 : input.Peek(run, scope, out first))
        {
            case 0:
                return 0;
            case 1 when type.Matches(first):
                return 1;
            case 1:
                first = default;
                return 0;
            default:
                return base.Peek(run, scope, out first);
        }
    }

    /// <summary>descendants().ofType(T) needs no list of all of them: what is below an object follows it on the tape.</summary>
    private bool IsBelowObject(in Scope scope, out Node node)
    {
        node = isOfDescendants && scope.All is null ? scope.This.Node : default;
        return node.ValueKind == JsonTokenType.StartObject;
    }

    private void AppendDescendants(Evaluation run, Node node, ItemList output)
    {
        for (var i = Next(run, node, node.Index); i > 0; i = Next(run, node, i))
        {
            output.Add(node.Document.NodeAt(i));
        }
    }

    /// <summary>The row of the next descendant of that type behind the row; -1 when there is none.</summary>
    private int Next(Evaluation run, Node node, int row)
    {
        var rows = node.Document.Rows;
        var count = node.Document.NodeCount;
        var (ordinal, i) = (type.Fhir!.Ordinal, row + 1);
        for (; i < count && rows[i].Parent >= node.Index; i++)
        {
            if (rows[i].Type == ordinal || (isSpecialised && R4Definitions.TypeAt(rows[i].Type).Is(type.Fhir)))
            {
                run.Step(i - row);
                return i;
            }
        }

        run.Step(i - row);
        return -1;
    }
}
