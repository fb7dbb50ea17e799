using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Operators;
using AtcFhir.R4.FhirPath.Syntax;
using AtcFhir.R4.FhirPath.Typing;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>single(), first(), skip() and so on, and how collections are put together. <see href="https://hl7.org/fhirpath/N1/#subsetting"/></summary>
internal static class Subsetting
{
    public static IReadOnlyList<CollectionFunction> Functions { get; } =
    [
        new("single", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 0, 0);
            return new(new OnlyOperation(call.Position, input.Operation), input.Type.AsSingle());
        }),
        Ordered("first", static (_, _, items, _, output) => output.AddRange(items.Span[..Math.Min(1, items.Count)]), single: true),
        Ordered("last", static (_, _, items, _, output) => output.AddRange(items.Span[Math.Max(0, items.Count - 1)..]), single: true),
        Ordered("tail", static (_, _, items, _, output) => output.AddRange(items.Span[Math.Min(1, items.Count)..]), single: false),
        Counted("skip", static (run, position, items, number, output) => output.AddRange(items.Span[Number(run, position, number, items.Count)..])),
        Counted("take", static (run, position, items, number, output) => output.AddRange(items.Span[..Number(run, position, number, items.Count)])),
        Combined("intersect", static (run, _, items, others, output) =>
        {
            foreach (ref readonly var item in items.Span)
            {
                if (ItemSet.Contains(run, others.Span, item) && !ItemSet.Contains(run, output.Span, item))
                {
                    output.Add(item);
                }
            }
        }),
        Combined("exclude", static (run, _, items, others, output) =>
        {
            foreach (ref readonly var item in items.Span)
            {
                if (!ItemSet.Contains(run, others.Span, item))
                {
                    output.Add(item);
                }
            }
        }),
        new("union", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 1, 1);
            var other = binder.Bind(call.Arguments[0]);
            return new(new UnionOperation(call.Position, input.Operation, other.Operation), input.Type.Or(other.Type).AsMany());
        }),
        new("combine", static (binder, call, input) =>
        {
            // The second argument asks for a kept order, which is kept anyhow.
            Binder.ExpectArguments(call, 1, 2);
            var other = binder.Bind(call.Arguments[0]);
            return new(new CollectionOperation(call.Position, input.Operation, other.Operation, static (_, _, items, others, output) =>
            {
                output.AddRange(items.Span);
                output.AddRange(others.Span);
            }), input.Type.Or(other.Type).AsMany());
        }),
    ];

    private static CollectionFunction Ordered(string name, CollectionBody body, bool single) => new(name, (binder, call, input) =>
    {
        Binder.ExpectArguments(call, 0, 0);
        binder.ExpectOrder(input.Type, call.Position, name + "()");
        return new(single ? new OneOfOperation(call.Position, input.Operation, name == "last") : new CollectionOperation(call.Position, input.Operation, null, body), single ? input.Type.AsSingle() : input.Type);
    });

    private static CollectionFunction Counted(string name, CollectionBody body) => new(name, (binder, call, input) =>
    {
        Binder.ExpectArguments(call, 1, 1);
        binder.ExpectOrder(input.Type, call.Position, name + "()");
        var number = binder.Bind(call.Arguments[0]);
        Binder.ExpectKinds(number.Type, KindSet.Integer, call.Arguments[0].Position, $"the argument of {name}() must be an Integer");
        return new(new CollectionOperation(call.Position, input.Operation, number.Operation, body), input.Type);
    });

    private static CollectionFunction Combined(string name, CollectionBody body) => new(name, (binder, call, input) =>
    {
        Binder.ExpectArguments(call, 1, 1);
        return new(new CollectionOperation(call.Position, input.Operation, binder.Bind(call.Arguments[0]).Operation, Apart(body)), input.Type);
    });

    // The body may look at the output so far, which must hold nothing of others.
    private static CollectionBody Apart(CollectionBody body) => (run, position, items, others, output) =>
    {
        var result = run.Rent();
        body(run, position, items, others, result);
        output.AddRange(result.Span);
        run.Return(result);
    };

    private static int Number(Evaluation run, int position, ItemList number, int count)
    {
        if (number.Count > 1)
        {
            throw run.ManyItems(position, number.Count);
        }

        if (number.Count == 0)
        {
            throw run.Fault(position, "the number of items is missing.");
        }

        return number[0].ToSystem() is { Kind: FhirPathKind.Integer } value
            ? Math.Clamp(value.Number, 0, count)
            : throw run.Fault(position, "the number of items must be an Integer.");
    }

    private sealed class OnlyOperation(int position, Operation input) : SingleOperation(position)
    {
        public override FhirPathItem Single(Evaluation run, in Scope scope) => input.Single(run, scope);
    }

    private sealed class OneOfOperation(int position, Operation input, bool last) : SingleOperation(position)
    {
        public override bool Any(Evaluation run, in Scope scope) => input.Any(run, scope);

        public override FhirPathItem Single(Evaluation run, in Scope scope)
        {
            if (!last)
            {
                return input.Peek(run, scope, out var first) > 0 ? first : default;
            }

            var list = run.Rent();
            input.Append(run, scope, list);
            var item = list.Count == 0 ? default : list[^1];
            run.Return(list);
            return item;
        }
    }
}
