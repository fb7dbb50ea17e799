using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Operators;
using AtcFhir.R4.FhirPath.Typing;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>where(), select(), repeat(), ofType(), as(), is(). <see href="https://hl7.org/fhirpath/N1/#filtering-and-projection"/></summary>
internal static class Filtering
{
    public static IReadOnlyList<CollectionFunction> Functions { get; } =
    [
        new("where", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 1, 1);
            return new(new WhereOperation(call.Position, input.Operation, binder.BindEach(call.Arguments[0], input.Type).Operation), input.Type);
        }),
        new("select", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 1, 1);
            var projection = binder.BindEach(call.Arguments[0], input.Type);
            return new(
                new SelectOperation(call.Position, input.Operation, projection.Operation),
                projection.Type with { IsSingle = projection.Type.IsSingle && input.Type.IsSingle, IsUnordered = projection.Type.IsUnordered || input.Type.IsUnordered });
        }),
        new("repeat", static (binder, call, input) => Repeat(binder, call, input, distinct: true)),
        new("repeatAll", static (binder, call, input) => Repeat(binder, call, input, distinct: false)),
        new("ofType", static (binder, call, input) =>
        {
            var type = Binder.TypeArgument(call);
            return new(new OfTypeOperation(call.Position, input.Operation, type), type.Narrow() with { IsSingle = input.Type.IsSingle, IsUnordered = input.Type.IsUnordered });
        }),
        new("as", static (binder, call, input) => binder.As(call.Position, input, Binder.TypeArgument(call))),
        new("is", static (binder, call, input) =>
        {
            var type = Binder.TypeArgument(call);
            return new(new IsOperation(call.Position, input.Operation, type), StaticType.Of(FhirPathKind.Boolean));
        }),
    ];

    private static Bound Repeat(Binder binder, Syntax.CallSyntax call, Bound input, bool distinct)
    {
        Binder.ExpectArguments(call, 1, 1);

        // The projection is applied to its own results as well, whose type is not known before it is bound.
        var projection = binder.BindRepeated(call.Arguments[0], input.Type);
        return new(new RepeatOperation(call.Position, input.Operation, projection.Operation, distinct), projection.Type.AsMany());
    }
}

internal sealed class WhereOperation(int position, Operation input, Operation criteria) : Operation(position)
{
    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        var list = run.Rent();
        input.Append(run, scope, list);
        for (var i = 0; i < list.Count; i++)
        {
            if (Holds(run, scope, criteria, list[i], i))
            {
                output.Add(list[i]);
            }
        }

        run.Return(list);
    }

    public override bool Any(Evaluation run, in Scope scope) => input.AnyWhere(run, scope, criteria);
}

internal sealed class SelectOperation(int position, Operation input, Operation projection) : Operation(position)
{
    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        var list = run.Rent();
        input.Append(run, scope, list);
        for (var i = 0; i < list.Count; i++)
        {
            run.Step();
            var defined = run.DefinedCount;
            projection.Append(run, scope.At(list[i], i), output);
            run.Forget(defined);
        }

        run.Return(list);
    }
}

/// <summary>repeat(): the projection of the input, of that, and so on, each result once; repeatAll() keeps equal ones.</summary>
internal sealed class RepeatOperation(int position, Operation input, Operation projection, bool distinct) : Operation(position)
{
    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        var (current, found) = (run.Rent(), run.Rent());
        var seen = distinct ? new ItemSet() : null;
        input.Append(run, scope, current);
        while (current.Count > 0)
        {
            found.Clear();
            for (var i = 0; i < current.Count; i++)
            {
                run.Step();
                projection.Append(run, scope.At(current[i]), found);
            }

            current.Clear();
            for (var i = 0; i < found.Count; i++)
            {
                run.Step();
                if (seen?.Add(run, found[i]) != false)
                {
                    current.Add(found[i]);
                    output.Add(found[i]);
                }
            }
        }

        run.Return(current);
        run.Return(found);
    }
}
