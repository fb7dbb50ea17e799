using AtcFhir.R4.FhirPath.Evaluating;
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
    public override void Append(Evaluation run, in Scope scope, ItemList output)
    {
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
}
