using AtcFhir.R4.FhirPath.Evaluating;

namespace AtcFhir.R4.FhirPath.Operators;

/// <summary>and, or, xor, implies: three-valued, with short circuit. <see href="https://hl7.org/fhirpath/N1/#boolean-logic"/></summary>
internal abstract class LogicOperation(int position, Operation left, Operation right) : BooleanOperation(position)
{
    protected Operation Left { get; } = left;

    protected Operation Right { get; } = right;

    public static LogicOperation Create(int position, string op, Operation left, Operation right) => op switch
    {
        "and" => new And(position, left, right),
        "or" => new Or(position, left, right),
        "xor" => new Xor(position, left, right),
        _ => new Implies(position, left, right),
    };

    private sealed class And(int position, Operation left, Operation right) : LogicOperation(position, left, right)
    {
        public override bool? Truth(Evaluation run, in Scope scope) => Left.Truth(run, scope) switch
        {
            false => false,
            true => Right.Truth(run, scope),
            null => Right.Truth(run, scope) == false ? false : null,
        };
    }

    private sealed class Or(int position, Operation left, Operation right) : LogicOperation(position, left, right)
    {
        public override bool? Truth(Evaluation run, in Scope scope) => Left.Truth(run, scope) switch
        {
            true => true,
            false => Right.Truth(run, scope),
            null => Right.Truth(run, scope) == true ? true : null,
        };
    }

    private sealed class Xor(int position, Operation left, Operation right) : LogicOperation(position, left, right)
    {
        public override bool? Truth(Evaluation run, in Scope scope)
            => Left.Truth(run, scope) is { } a && Right.Truth(run, scope) is { } b ? a != b : null;
    }

    private sealed class Implies(int position, Operation left, Operation right) : LogicOperation(position, left, right)
    {
        public override bool? Truth(Evaluation run, in Scope scope) => Left.Truth(run, scope) switch
        {
            false => true,
            true => Right.Truth(run, scope),
            null => Right.Truth(run, scope) == true ? true : null,
        };
    }
}

/// <summary>x.not().</summary>
internal sealed class NotOperation(int position, Operation input) : BooleanOperation(position)
{
    public override bool? Truth(Evaluation run, in Scope scope) => !input.Truth(run, scope);
}
