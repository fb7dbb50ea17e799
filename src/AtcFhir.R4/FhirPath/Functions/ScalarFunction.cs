using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Syntax;
using AtcFhir.R4.FhirPath.Typing;

namespace AtcFhir.R4.FhirPath.Functions;

/// <summary>What a scalar function gets: the run, its place, its input and its arguments as System values; a missing or empty optional argument is "no item".</summary>
internal readonly record struct ScalarCall(Evaluation Run, int Position, FhirPathItem Input, FhirPathItem First, FhirPathItem Second)
{
    public FhirPathException Fault(string what) => Run.Fault(Position, what);
}

internal delegate FhirPathItem ScalarBody(in ScalarCall call);

/// <summary>
/// A function from one value and up to two arguments to one value, with the rules that all of them share: an empty input or required argument gives an empty result,
/// more than one item and a wrong type are errors, at compile time where they can be known.
/// </summary>
/// <param name="Input">The System types of the input; <see cref="KindSet.None"/>: any item, complex nodes as well.</param>
/// <param name="Result">The System types of the result; <see cref="KindSet.None"/>: those of the input.</param>
internal sealed record ScalarFunction(string Name, KindSet Input, KindSet Result, ScalarBody Body, int Required = 0, params KindSet[] Arguments)
{
    public Bound Bind(Binder binder, CallSyntax call, Bound input)
    {
        Binder.ExpectArguments(call, Required, Arguments.Length);
        if (Input != KindSet.None)
        {
            Binder.ExpectKinds(input.Type, Input, call.Position, $"{Name}() works on {Input.Words()}");
        }

        var arguments = new Operation?[2];
        for (var i = 0; i < call.Arguments.Count; i++)
        {
            var argument = binder.Bind(call.Arguments[i]);
            Binder.ExpectKinds(argument.Type, Arguments[i], call.Arguments[i].Position, $"argument {i + 1} of {Name}() must be {Arguments[i].Words()}");
            arguments[i] = argument.Operation;
        }

        if (Name is "matches" or "matchesFull" or "replaceMatches")
        {
            Regexes.Check(call, arguments[0]);
        }

        if (Name == "startsWith" && arguments[0] is Operators.ConstantOperation { Utf8: not null } prefix)
        {
            return new Bound(new StartsWithTextOperation(call.Position, this, input.Operation, prefix), StaticType.Of(Result));
        }

        var result = Result == KindSet.None ? StaticType.Of(input.Type.Convertible & Input) : StaticType.Of(Result);
        return new Bound(new ScalarOperation(call.Position, this, input.Operation, arguments[0], arguments[1]), result);
    }
}

internal class ScalarOperation(int position, ScalarFunction function, Operation input, Operation? first, Operation? second) : SingleOperation(position)
{
    public override FhirPathItem Single(Evaluation run, in Scope scope) => Of(run, scope, input.Single(run, scope));

    protected FhirPathItem Of(Evaluation run, in Scope scope, FhirPathItem raw)
    {
        if (!raw.Exists)
        {
            return default;
        }

        run.Step();
        var value = raw.ToSystem();
        if (value.Kind == FhirPathKind.None)
        {
            return default;
        }

        if (function.Input != KindSet.None && !function.Input.Has(value.Kind))
        {
            throw run.Fault(Position, $"{function.Name}() works on {function.Input.Words()}, not on {Name(value)}.");
        }

        var a = Argument(run, scope, first, 0);
        var b = Argument(run, scope, second, 1);
        if ((function.Required > 0 && !a.Exists) || (function.Required > 1 && !b.Exists))
        {
            return default;
        }

        var result = function.Body(new ScalarCall(run, Position, value, a, b));
        if (result.Kind == FhirPathKind.String)
        {
            run.StepText(result.String);
        }

        return result;
    }

    private FhirPathItem Argument(Evaluation run, in Scope scope, Operation? argument, int index)
    {
        if (argument is null)
        {
            return default;
        }

        var value = argument.Single(run, scope).ToSystem();
        return !value.Exists || function.Arguments[index].Has(value.Kind)
            ? value
            : throw run.Fault(argument.Position, $"argument {index + 1} of {function.Name}() must be {function.Arguments[index].Words()}, not {Name(value)}.");
    }

    private static string Name(FhirPathItem item) => item.IsNode ? "a " + item.Node.Type.Name : Kinds.Of(item.Kind).Words();
}

/// <summary>startsWith() with a constant: bytes with bytes where the input is an unescaped node.</summary>
internal sealed class StartsWithTextOperation(int position, ScalarFunction function, Operation input, Operators.ConstantOperation prefix)
    : ScalarOperation(position, function, input, prefix, null)
{
    private readonly Operation input = input;

    public override FhirPathItem Single(Evaluation run, in Scope scope)
    {
        var item = input.Single(run, scope);
        return item.Node is { HasValue: true, IsEscaped: false, ValueKind: System.Text.Json.JsonTokenType.String } node && Values.NodeValue.KindOf(node.Type) == FhirPathKind.String
            ? node.RawValue.StartsWith(prefix.Utf8)
            : Of(run, scope, item);
    }
}
