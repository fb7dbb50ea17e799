using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Operators;
using AtcFhir.R4.FhirPath.Syntax;
using AtcFhir.R4.FhirPath.Typing;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>iif() and coalesce(): only the branch that is taken is evaluated. <see href="https://hl7.org/fhirpath/N1/#iif"/></summary>
internal static class Branching
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
    ];

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
