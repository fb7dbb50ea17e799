using AtcFhir.R4.Definitions;
using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Operators;
using AtcFhir.R4.FhirPath.Syntax;
using AtcFhir.R4.FhirPath.Typing;
using AtcFhir.R4.FhirPath.Values;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>iif(), trace(), aggregate(), now() and so on. <see href="https://hl7.org/fhirpath/N1/#utility-functions"/></summary>
internal static class Utility
{
    public static IReadOnlyList<CollectionFunction> Functions { get; } =
    [
        new("iif", Iif),
        new("coalesce", static (binder, call, _) =>
        {
            Binder.ExpectArguments(call, 1, int.MaxValue);
            var choices = call.Arguments.Select(binder.Bind).ToList();
            return new(new CoalesceOperation(call.Position, [.. choices.Select(choice => choice.Operation)]), choices.Select(choice => choice.Type).Aggregate((a, b) => a.Or(b)));
        }),
        new("aggregate", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 1, 2);
            var start = call.Arguments.Count > 1 ? binder.Bind(call.Arguments[1]).Operation : null;
            var step = binder.BindEach(call.Arguments[0], input.Type, withTotal: true);
            return new(new AggregateOperation(call.Position, input.Operation, step.Operation, start), StaticType.Unknown with { IsSingle = step.Type.IsSingle });
        }),
        new("trace", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 1, 2);
            var name = binder.Bind(call.Arguments[0]);
            var projection = call.Arguments.Count > 1 ? binder.BindEach(call.Arguments[1], input.Type).Operation : null;
            return new(new TraceOperation(call.Position, input.Operation, name.Operation, projection), input.Type);
        }),
        new("defineVariable", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 1, 2);
            var name = call.Arguments[0] is LiteralSyntax { Kind: FhirPathKind.String } literal
                ? literal.Text
                : throw new SyntaxFault("the name of a variable must be a string literal.", call.Arguments[0].Position);
            var value = call.Arguments.Count > 1 ? binder.BindAll(call.Arguments[1], input.Type) : input;
            binder.Define(name, value.Type, call.Arguments[0].Position);
            return new(new DefineOperation(call.Position, input.Operation, name, call.Arguments.Count > 1 ? value.Operation : null), input.Type);
        }),
        Moment("now", FhirPathKind.DateTime),
        Moment("today", FhirPathKind.Date),
        Moment("timeOfDay", FhirPathKind.Time),
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
        new("toChars", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 0, 0);
            Binder.ExpectKinds(input.Type, KindSet.String, call.Position, "toChars() works on a String");
            return new(new CollectionOperation(call.Position, input.Operation, null, static (run, position, items, _, output) =>
            {
                foreach (var rune in Texts.Only(run, position, items).EnumerateRunes())
                {
                    run.Step();
                    output.Add(rune.ToString());
                }
            }), StaticType.Of(FhirPathKind.String).AsMany());
        }),
        new("split", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 1, 1);
            Binder.ExpectKinds(input.Type, KindSet.String, call.Position, "split() works on a String");
            return new(new CollectionOperation(call.Position, input.Operation, binder.Bind(call.Arguments[0]).Operation, static (run, position, items, separator, output) =>
            {
                if (items.Count == 0 || separator.Count == 0)
                {
                    return;
                }

                foreach (var part in Texts.Only(run, position, items).Split(Texts.Only(run, position, separator)))
                {
                    run.Step();
                    output.Add(part);
                }
            }), StaticType.Of(FhirPathKind.String).AsMany());
        }),
        new("join", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 0, 1);
            Binder.ExpectKinds(input.Type, KindSet.String, call.Position, "join() works on Strings");
            var separator = call.Arguments.Count == 0 ? null : binder.Bind(call.Arguments[0]).Operation;
            return new(new CollectionOperation(call.Position, input.Operation, separator, static (run, position, items, separator, output) =>
            {
                if (items.Count > 0)
                {
                    var joined = string.Join(separator.Count == 0 ? "" : Texts.Only(run, position, separator), Texts.All(run, position, items));
                    run.StepText(joined);
                    output.Add(joined);
                }
            }), StaticType.Of(FhirPathKind.String));
        }),
    ];

    private static CollectionFunction Moment(string name, FhirPathKind kind) => new(name, (binder, call, _) =>
    {
        Binder.ExpectArguments(call, 0, 0);
        return new(new MomentOperation(call.Position, kind), StaticType.Of(kind));
    });

    private static Bound Iif(Binder binder, CallSyntax call, Bound input)
    {
        Binder.ExpectArguments(call, 2, 3);
        var criterion = binder.BindOnce(call.Arguments[0], input.Type);
        if (criterion.Type is { IsUnknown: false, IsNothing: false, Fhir.Count: 0 } known && !known.System.HasFlag(KindSet.Boolean))
        {
            throw new SyntaxFault($"the criterion of iif() must be a Boolean, not {known.System.Words()}.", call.Arguments[0].Position);
        }

        var then = binder.BindOnce(call.Arguments[1], input.Type);
        var otherwise = call.Arguments.Count > 2 ? binder.BindOnce(call.Arguments[2], input.Type) : new Bound(new ConstantOperation(call.Position, default), StaticType.Nothing);
        return new(
            new IifOperation(call.Position, call.Input is null ? null : input.Operation, criterion.Operation, then.Operation, otherwise.Operation),
            then.Type.Or(otherwise.Type));
    }
}

/// <summary>Texts of collections that must be strings.</summary>
internal static class Texts
{
    public static string Only(Evaluation run, int position, ItemList list)
        => list.Count > 1 ? throw run.ManyItems(position, list.Count) : list.Count == 0 ? "" : Text(run, position, list[0]);

    public static List<string> All(Evaluation run, int position, ItemList list)
    {
        var texts = new List<string>(list.Count);
        for (var i = 0; i < list.Count; i++)
        {
            texts.Add(Text(run, position, list[i]));
        }

        return texts;
    }

    private static string Text(Evaluation run, int position, FhirPathItem item) => item.ToSystem() switch
    {
        { Kind: FhirPathKind.String } value => value.String,
        { Kind: FhirPathKind.None } => "",
        _ => throw run.Fault(position, "a String is expected here; use toString()."),
    };
}

internal sealed class IifOperation(int position, Operation? input, Operation criterion, Operation then, Operation otherwise) : Operation(position)
{
    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        var inner = input is null ? scope : scope.At(input.Single(run, scope));
        var branch = criterion.Truth(run, inner) == true ? then : otherwise;
        branch.Append(run, inner, output);
    }
}

internal sealed class CoalesceOperation(int position, Operation[] choices) : Operation(position)
{
    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        var before = output.Count;
        foreach (var choice in choices)
        {
            choice.Append(run, scope, output);
            if (output.Count > before)
            {
                return;
            }
        }
    }
}

internal sealed class AggregateOperation(int position, Operation input, Operation step, Operation? start) : Operation(position)
{
    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        var (list, total, next) = (run.Rent(), run.Rent(), run.Rent());
        start?.Append(run, scope, total);
        input.Append(run, scope, list);
        for (var i = 0; i < list.Count; i++)
        {
            run.Step();
            next.Clear();
            step.Append(run, new Scope(list[i], i, total), next);
            (total, next) = (next, total);
        }

        output.AddRange(total.Span);
        run.Return(list);
        run.Return(total);
        run.Return(next);
    }
}

internal sealed class TraceOperation(int position, Operation input, Operation name, Operation? projection) : Operation(position)
{
    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        if (run.Context.Trace is not { } trace)
        {
            input.Append(run, scope, output);
            return;
        }

        var (list, shown) = (run.Rent(), run.Rent());
        input.Append(run, scope, list);
        for (var i = 0; i < list.Count; i++)
        {
            if (projection is null)
            {
                shown.Add(list[i]);
            }
            else
            {
                projection.Append(run, scope.At(list[i], i), shown);
            }
        }

        trace(name.Single(run, scope).Text ?? "", new FhirPathCollection(shown.Span.ToArray()));
        output.AddRange(list.Span);
        run.Return(list);
        run.Return(shown);
    }
}

internal sealed class DefineOperation(int position, Operation input, string name, Operation? value) : Operation(position)
{
    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        var list = run.Rent();
        input.Append(run, scope, list);
        if (value is null)
        {
            run.Define(name, list.Span);
        }
        else
        {
            var result = run.Rent();
            value.Append(run, scope.OnAll(list), result);
            run.Define(name, result.Span);
            run.Return(result);
        }

        output.AddRange(list.Span);
        run.Return(list);
    }
}

internal sealed class MomentOperation(int position, FhirPathKind kind) : SingleOperation(position)
{
    public override FhirPathItem Single(Evaluation run, in Scope scope) => FhirPathItem.Of(Temporal.From(kind, run.Now));
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
