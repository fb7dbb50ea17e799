using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Typing;
using AtcFhir.R4.FhirPath.Values;

namespace AtcFhir.R4.FhirPath.Operators;

/// <summary>+, -, *, /, div, mod. <see href="https://hl7.org/fhirpath/N1/#math"/></summary>
internal sealed class ArithmeticOperation(int position, string op, Operation left, Operation right) : SingleOperation(position)
{
    public override FhirPathItem Single(Evaluation run, in Scope scope)
    {
        var a = left.Single(run, scope).ToSystem();
        var b = right.Single(run, scope).ToSystem();
        if (a.Kind == FhirPathKind.None || b.Kind == FhirPathKind.None)
        {
            return default;
        }

        run.Step();
        if (ItemArithmetic.Calculate(op, a, b) is not { } result)
        {
            throw run.Fault(Position, a.Kind is FhirPathKind.Date or FhirPathKind.DateTime or FhirPathKind.Time
                ? $"{Name(a)} moves by a quantity of years, months, weeks, days, hours, minutes, seconds or milliseconds that it has; write for example 7 days."
                : $"{op} is not defined for {Name(a)} and {Name(b)}.");
        }

        if (result.Kind == FhirPathKind.String)
        {
            run.StepText(result.String);
        }

        return result;
    }

    private static string Name(FhirPathItem item) => item.IsNode ? "a " + item.Node.Type.Name : Kinds.Of(item.Kind).Words();
}

/// <summary>The &amp; operator: an empty side counts as the empty string.</summary>
internal sealed class ConcatenateOperation(int position, Operation left, Operation right) : SingleOperation(position)
{
    public override FhirPathItem Single(Evaluation run, in Scope scope)
    {
        run.Step();
        var text = Text(run, left.Single(run, scope)) + Text(run, right.Single(run, scope));
        run.StepText(text);
        return text;
    }

    private string Text(Evaluation run, FhirPathItem item)
    {
        var value = item.ToSystem();
        return value.Kind switch
        {
            FhirPathKind.None => "",
            FhirPathKind.String => value.String,
            _ => throw run.Fault(Position, "& joins strings; use toString() on what is none."),
        };
    }
}

/// <summary>Unary + and -.</summary>
internal sealed class PolarityOperation(int position, bool isNegative, Operation operand) : SingleOperation(position)
{
    public override FhirPathItem Single(Evaluation run, in Scope scope)
    {
        var value = operand.Single(run, scope).ToSystem();
        if (ItemArithmetic.Negate(value) is not { } negated)
        {
            throw run.Fault(Position, $"a sign can stand before a number or quantity only; to apply a function to a negative number, put it in parentheses: (-1).abs().");
        }

        return isNegative ? negated : value;
    }
}
