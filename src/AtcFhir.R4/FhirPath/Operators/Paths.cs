using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Typing;

namespace AtcFhir.R4.FhirPath.Operators;

/// <summary>$this, and what a path without a beginning starts from.</summary>
internal sealed class ThisOperation(int position) : Operation(position)
{
    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        if (scope.All is { } all)
        {
            output.AddRange(all.Span);
        }
        else
        {
            output.AddIfAny(scope.This);
        }
    }

    public override bool Any(Evaluation run, in Scope scope) => scope.All is { } all ? all.Count > 0 : scope.This.Exists;

    public override bool PeeksWithoutList => true;

    public override int Peek(Evaluation run, in Scope scope, out FhirPathItem first)
    {
        if (scope.All is not null)
        {
            return base.Peek(run, scope, out first);
        }

        first = scope.This;
        return first.Exists ? 1 : 0;
    }

    public override FhirPathItem Single(Evaluation run, in Scope scope) => scope.All is null ? scope.This : base.Single(run, scope);
}

internal sealed class IndexOperation(int position) : SingleOperation(position)
{
    public override FhirPathItem Single(Evaluation run, in Scope scope) => scope.Index;
}

internal sealed class TotalOperation(int position) : Operation(position)
{
    public override void Append(Evaluation run, in Scope scope, ItemList output) => output.AddRange(scope.Total is { } total ? total.Span : default);
}

/// <summary>A type name at the start of a path: the item itself when it is of that type.</summary>
internal sealed class TypeNameOperation(int position, TypeSchema type) : SingleOperation(position)
{
    public override FhirPathItem Single(Evaluation run, in Scope scope) => scope.This.IsNode && scope.This.Node.Type.Is(type) ? scope.This : default;
}

/// <summary>The children of one name. The schema element of the first parent type is remembered, since parents in one place seldom differ in type.</summary>
internal sealed class ChildOperation(int position, Operation input, string name) : Operation(position)
{
    private Step? first;

    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        if (input is ThisOperation && scope.All is null)
        {
            AppendChildren(run, scope.This, output);
            return;
        }

        var parents = run.Rent();
        input.Append(run, scope, parents);
        for (var i = 0; i < parents.Count; i++)
        {
            AppendChildren(run, parents[i], output);
        }

        run.Return(parents);
    }

    public override bool Any(Evaluation run, in Scope scope)
    {
        if (input.PeeksWithoutList && input.Peek(run, scope, out var parent) is var count and < 2)
        {
            return count == 1 && HasChild(run, parent);
        }

        var parents = run.Rent();
        input.Append(run, scope, parents);
        var any = false;
        for (var i = 0; i < parents.Count && !any; i++)
        {
            any = HasChild(run, parents[i]);
        }

        run.Return(parents);
        return any;
    }

    public override bool AnyWhere(Evaluation run, in Scope scope, Operation criteria)
    {
        if (!IsStepFromOneNode(run, scope, out var parent))
        {
            return base.AnyWhere(run, scope, criteria);
        }

        var index = 0;
        foreach (var child in Children(parent))
        {
            if (Holds(run, scope, criteria, child, index++))
            {
                return true;
            }
        }

        return false;
    }

    public override int Count(Evaluation run, in Scope scope)
        => input is ThisOperation && scope.All is null && scope.This.IsNode && name != "value" ? Children(scope.This.Node).Count : base.Count(run, scope);

    public override FhirPathItem Single(Evaluation run, in Scope scope)
        => Peek(run, scope, out var child) > 1 ? base.Single(run, scope) : child;

    public override bool PeeksWithoutList => input.PeeksWithoutList;

    public override int Peek(Evaluation run, in Scope scope, out FhirPathItem first)
    {
        if (!IsStepFromOneNode(run, scope, out var parent))
        {
            return base.Peek(run, scope, out first);
        }

        // The first of a thousand elements below one node is found without the others.
        run.Step();
        first = default;
        var children = Children(parent).GetEnumerator();
        if (!children.MoveNext())
        {
            return 0;
        }

        first = children.Current;
        return children.MoveNext() ? 2 : 1;
    }

    /// <summary>One name behind one node: no list is needed. The value of a primitive is no child.</summary>
    private bool IsStepFromOneNode(Evaluation run, in Scope scope, out Node parent)
    {
        parent = default;
        if (!input.PeeksWithoutList || input.Peek(run, scope, out var item) != 1 || !item.IsNode)
        {
            return false;
        }

        parent = item.Node;
        return name != "value" || !parent.IsPrimitive;
    }

    private bool HasChild(Evaluation run, FhirPathItem parent)
    {
        run.Step();
        return parent.IsNode
            ? !Children(parent.Node).IsEmpty || (name == "value" && parent.Node.HasValue)
            : ValueParts.Of(parent, name).Exists;
    }

    private void AppendChildren(Evaluation run, FhirPathItem parent, ItemList output)
    {
        run.Step();
        if (!parent.IsNode)
        {
            output.AddIfAny(ValueParts.Of(parent, name));
            return;
        }

        var node = parent.Node;
        if (name == "value" && node.IsPrimitive)
        {
            output.AddIfAny(parent.ToSystem());
            return;
        }

        var before = output.Count;
        foreach (var child in Children(node))
        {
            output.Add(child);
        }

        run.Step(output.Count - before);
    }

    private NodeChildren Children(Node node)
    {
        var type = node.Type;
        if (first is { } step && ReferenceEquals(step.Type, type))
        {
            return step.Element is { } known ? node.ChildrenOf(known) : default;
        }

        if (first is not null)
        {
            return node.ChildrenOf(name);
        }

        var element = type.Find(name);
        first = new Step(type, element);
        return element is null ? default : node.ChildrenOf(element);
    }

    private sealed record Step(TypeSchema Type, ElementSchema? Element);
}

/// <summary><c>x[i]</c>.</summary>
internal sealed class IndexerOperation(int position, Operation input, Operation index) : SingleOperation(position)
{
    public override FhirPathItem Single(Evaluation run, in Scope scope)
    {
        var at = index.Single(run, scope).ToSystem();
        if (at.Kind == FhirPathKind.None)
        {
            return default;
        }

        if (at.Kind != FhirPathKind.Integer)
        {
            throw run.Fault(Position, $"an index is an Integer, not {Kinds.Of(at.Kind).Words()}.");
        }

        var list = run.Rent();
        input.Append(run, scope, list);
        var item = at.Number >= 0 && at.Number < list.Count ? list[at.Number] : default;
        run.Return(list);
        return item;
    }
}
