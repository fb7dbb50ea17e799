using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Syntax;
using AtcFhir.R4.FhirPath.Typing;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>A function that binds itself: its arguments are lambdas, collections or types, or its result depends on the input's type.</summary>
internal sealed record CollectionFunction(string Name, Func<Binder, CallSyntax, Bound, Bound> Bind);

/// <summary>A function from the whole input and perhaps one other collection to a collection.</summary>
internal delegate void CollectionBody(Evaluation run, int position, ItemList input, ItemList other, ItemList output);

internal sealed class CollectionOperation(int position, Operation input, Operation? other, CollectionBody body) : Operation(position)
{
    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
        var (items, others) = (run.Rent(), run.Rent());
        input.Append(run, scope, items);
        other?.Append(run, scope, others);
        run.Step(items.Count);
        body(run, Position, items, others, output);
        run.Return(items);
        run.Return(others);
    }
}
