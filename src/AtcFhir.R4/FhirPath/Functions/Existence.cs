using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Operators;
using AtcFhir.R4.FhirPath.Typing;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>empty(), exists(), all(), count() and their kin. <see href="https://hl7.org/fhirpath/N1/#existence"/></summary>
internal static class Existence
{
    private static readonly StaticType Boolean = StaticType.Of(FhirPathKind.Boolean);

    public static IReadOnlyList<CollectionFunction> Functions { get; } =
    [
        new("empty", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 0, 0);
            return new(new EmptyOperation(call.Position, input.Operation), Boolean);
        }),
        new("exists", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 0, 1);
            var subject = call.Arguments.Count == 0 ? input.Operation
                : new WhereOperation(call.Position, input.Operation, binder.BindEach(call.Arguments[0], input.Type).Operation);
            return new(new ExistsOperation(call.Position, subject), Boolean);
        }),
        new("all", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 1, 1);
            return new(new AllOperation(call.Position, input.Operation, binder.BindEach(call.Arguments[0], input.Type).Operation), Boolean);
        }),
        new("not", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 0, 0);
            return new(new NotOperation(call.Position, input.Operation), Boolean);
        }),
        Truths("allTrue", wanted: true, any: false),
        Truths("anyTrue", wanted: true, any: true),
        Truths("allFalse", wanted: false, any: false),
        Truths("anyFalse", wanted: false, any: true),
        new("count", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 0, 0);
            return new(new CountOperation(call.Position, input.Operation), StaticType.Of(FhirPathKind.Integer));
        }),
        new("isDistinct", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 0, 0);
            return new(new CollectionOperation(call.Position, input.Operation, null, static (run, _, items, others, output) =>
            {
                ItemSet.AppendDistinct(run, items, others);
                output.Add(items.Count == others.Count);
            }), Boolean);
        }),
        new("distinct", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 0, 0);
            return new(new CollectionOperation(call.Position, input.Operation, null, static (run, _, items, _, output) => ItemSet.AppendDistinct(run, items, output)), input.Type);
        }),
        new("subsetOf", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 1, 1);
            return new(new SubsetOperation(call.Position, input.Operation, binder.Bind(call.Arguments[0]).Operation), Boolean);
        }),
        new("supersetOf", static (binder, call, input) =>
        {
            Binder.ExpectArguments(call, 1, 1);
            return new(new SubsetOperation(call.Position, binder.Bind(call.Arguments[0]).Operation, input.Operation), Boolean);
        }),
    ];

    private static CollectionFunction Truths(string name, bool wanted, bool any) => new(name, (binder, call, input) =>
    {
        Binder.ExpectArguments(call, 0, 0);
        Binder.ExpectKinds(input.Type, KindSet.Boolean, call.Position, $"{name}() works on Booleans");
        return new(new TruthsOperation(call.Position, input.Operation, name, wanted, any), Boolean);
    });

    private sealed class EmptyOperation(int position, Operation input) : BooleanOperation(position)
    {
        public override bool? Truth(Evaluation run, in Scope scope) => !input.Any(run, scope);
    }

    private sealed class ExistsOperation(int position, Operation input) : BooleanOperation(position)
    {
        public override bool? Truth(Evaluation run, in Scope scope) => input.Any(run, scope);
    }

    private sealed class AllOperation(int position, Operation input, Operation criteria) : BooleanOperation(position)
    {
        public override bool? Truth(Evaluation run, in Scope scope)
        {
            var list = run.Rent();
            input.Append(run, scope, list);
            var all = true;
            for (var i = 0; i < list.Count && all; i++)
            {
                all = Holds(run, scope, criteria, list[i], i);
            }

            run.Return(list);
            return all;
        }
    }

    private sealed class CountOperation(int position, Operation input) : SingleOperation(position)
    {
        public override FhirPathItem Single(Evaluation run, in Scope scope) => input.Count(run, scope);
    }

    private sealed class TruthsOperation(int position, Operation input, string name, bool wanted, bool any) : BooleanOperation(position)
    {
        public override bool? Truth(Evaluation run, in Scope scope)
        {
            var list = run.Rent();
            input.Append(run, scope, list);
            var found = false;
            for (var i = 0; i < list.Count; i++)
            {
                if (list[i].ToSystem() is not { Kind: FhirPathKind.Boolean } item)
                {
                    throw run.Fault(Position, $"{name}() works on Booleans only.");
                }

                // any: one that is wanted; all: none that is not.
                found |= item.IsTrue == wanted == any;
            }

            run.Return(list);
            return found == any;
        }
    }

    private sealed class SubsetOperation(int position, Operation part, Operation whole) : BooleanOperation(position)
    {
        public override bool? Truth(Evaluation run, in Scope scope)
        {
            var (small, large) = (run.Rent(), run.Rent());
            part.Append(run, scope, small);
            whole.Append(run, scope, large);
            var all = true;
            for (var i = 0; i < small.Count && all; i++)
            {
                all = ItemSet.Contains(run, large.Span, small[i]);
            }

            run.Return(small);
            run.Return(large);
            return all;
        }
    }
}
