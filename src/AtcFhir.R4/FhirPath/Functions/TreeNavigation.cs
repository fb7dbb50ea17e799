using AtcFhir.R4.Definitions;
using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Operators;
using AtcFhir.R4.FhirPath.Typing;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>children(), descendants() and type(). <see href="https://hl7.org/fhirpath/N1/#tree-navigation"/></summary>
internal static class TreeNavigation
{
    public static IReadOnlyList<CollectionFunction> Functions { get; } =
    [
        new("children", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 0, 0);
            return new(new ChildrenOperation(call.Position, input.Operation), StaticType.Unknown with { IsUnordered = true });
        }),
        new("descendants", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 0, 0);
            return new(new DescendantsOperation(call.Position, input.Operation), StaticType.Unknown with { IsUnordered = true });
        }),
        new("type", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 0, 0);
            return new(new TypeInfoOperation(call.Position, input.Operation), StaticType.Of(FhirPathKind.TypeInfo) with { IsSingle = input.Type.IsSingle });
        }),
    ];
}

internal sealed class ChildrenOperation(int position, Operation input) : Operation(position)
{
    public override int Count(Evaluation run, in Scope scope)
        => input is ThisOperation && scope.All is null ? scope.This.Node.Children.Count : base.Count(run, scope);

    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        var list = run.Rent();
        input.Append(run, scope, list);
        foreach (ref readonly var item in list.Span)
        {
            run.Step();
            foreach (var child in item.Node.Children)
            {
                output.Add(child);
            }
        }

        run.Return(list);
    }
}

internal sealed class DescendantsOperation(int position, Operation input) : Operation(position)
{
    /// <summary>True of what is below the item that is being looked at.</summary>
    public bool IsOfThis => input is ThisOperation;

    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        var list = run.Rent();
        input.Append(run, scope, list);
        for (var i = 0; i < list.Count; i++)
        {
            Below(run, list[i].Node, output);
        }

        run.Return(list);
    }

    private static void Below(Evaluation run, Documents.Node node, ItemList output)
    {
        foreach (var child in node.Children)
        {
            run.Step();
            output.Add(child);
            Below(run, child, output);
        }
    }
}

internal sealed class TypeInfoOperation(int position, Operation input) : Operation(position)
{
    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        var list = run.Rent();
        input.Append(run, scope, list);
        foreach (ref readonly var item in list.Span)
        {
            output.Add(FhirPathItem.Of(item.IsNode ? Named(item.Node.Type) : new Values.ValueType("System", item.Kind.ToString(), "System.Any")));
        }

        run.Return(list);
    }

    // A backbone has no name of its own in the model: it is a BackboneElement, or an Element within a data type.
    private static Values.ValueType Named(TypeSchema type)
    {
        var named = type.Kind == TypeKind.Backbone ? type.Base! : type;
        return new Values.ValueType("FHIR", named.Name, named.Base is { } parent ? "FHIR." + parent.Name : null);
    }
}
