using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Syntax;
using AtcFhir.R4.FhirPath.Typing;
using AtcFhir.R4.FhirPath.Values;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>aggregate(), trace(), defineVariable() and the moments. <see href="https://hl7.org/fhirpath/N1/#utility-functions"/></summary>
internal static class Utility
{
    public static IReadOnlyList<CollectionFunction> Functions { get; } =
    [
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
    ];

    private static CollectionFunction Moment(string name, FhirPathKind kind) => new(name, (binder, call, _) =>
    {
        Binder.ExpectArguments(call, 0, 0);
        return new(new MomentOperation(call.Position, kind), StaticType.Of(kind));
    });
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
    public override FhirPathItem Single(Evaluation run, in Scope scope) => FhirPathItem.Of(kind, TemporalReading.From(kind, run.Now));
}
