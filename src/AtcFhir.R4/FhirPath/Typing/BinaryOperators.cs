using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Operators;
using AtcFhir.R4.FhirPath.Syntax;
using AtcFhir.R4.FhirPath.Values;

namespace AtcFhir.R4.FhirPath.Typing;

/// <summary>The binary operators: what each may stand between, and the operation that fits best.</summary>
internal static class BinaryOperators
{
    private static readonly StaticType Boolean = StaticType.Of(FhirPathKind.Boolean);
    private static readonly FhirPathKind[] Kinds = Enum.GetValues<FhirPathKind>();

    public static Bound Bind(Binder binder, BinarySyntax syntax)
    {
        var left = binder.Bind(syntax.Left);
        var right = binder.Bind(syntax.Right);
        var (position, op) = (syntax.Position, syntax.Operator);
        switch (op)
        {
            case "and" or "or" or "xor" or "implies":
                return new(LogicOperation.Create(position, op, left.Operation, right.Operation), Boolean);
            case "=" or "!=":
                return new(Equality(position, left.Operation, right.Operation, op == "!="), Boolean);
            case "~" or "!~":
                return new(new EquivalentOperation(position, left.Operation, right.Operation, op == "!~"), Boolean);
            case "<" or ">" or "<=" or ">=":
                ExpectOrder(syntax, left.Type, right.Type);
                return new(new ComparisonOperation(position, op, left.Operation, right.Operation), Boolean);
            case "in":
                return new(new MembershipOperation(position, left.Operation, right.Operation), Boolean);
            case "contains":
                return new(new MembershipOperation(position, right.Operation, left.Operation), Boolean);
            case "|":
                return new(new UnionOperation(position, left.Operation, right.Operation), left.Type.Or(right.Type).AsMany());
            case "&":
                Binder.ExpectKinds(left.Type, KindSet.String, syntax.Left.Position, "& joins Strings");
                Binder.ExpectKinds(right.Type, KindSet.String, syntax.Right.Position, "& joins Strings");
                return new(new ConcatenateOperation(position, left.Operation, right.Operation), StaticType.Of(FhirPathKind.String));
            default:
                var result = ArithmeticResult(op, left.Type.Convertible, right.Type.Convertible);
                return result == KindSet.None
                    ? throw new SyntaxFault(ArithmeticHint(op, left.Type, right.Type), position)
                    : new(new ArithmeticOperation(position, op, left.Operation, right.Operation), StaticType.Of(result));
        }
    }

    private static Operation Equality(int position, Operation left, Operation right, bool negate) => (left, right) switch
    {
        (_, ConstantOperation { Value.Kind: FhirPathKind.String } text) => new EqualsTextOperation(position, left, text, negate),
        (ConstantOperation { Value.Kind: FhirPathKind.String } text, _) => new EqualsTextOperation(position, right, text, negate),
        (BooleanOperation truth, BooleanOperation other) => new EqualsTruthOperation(position, truth, other, negate),
        _ => new EqualsOperation(position, left, right, negate),
    };

    private static void ExpectOrder(BinarySyntax syntax, StaticType left, StaticType right)
    {
        foreach (var a in Kinds)
        {
            foreach (var b in Kinds)
            {
                if (left.Convertible.Has(a) && right.Convertible.Has(b) && ItemOrder.HaveOrder(a, b))
                {
                    return;
                }
            }
        }

        throw new SyntaxFault($"{left} and {right} cannot be compared with {syntax.Operator}.", syntax.Position);
    }

    /// <summary>The kinds that may come out; none when the operator is defined for no pair.</summary>
    private static KindSet ArithmeticResult(string op, KindSet left, KindSet right)
    {
        var result = KindSet.None;
        var (numbers, quantities) = ((left & KindSet.Number) != 0 && (right & KindSet.Number) != 0, ((left | right) & KindSet.Quantity) != 0);
        if (numbers)
        {
            result |= op == "/" ? KindSet.Decimal : (left & right & KindSet.Integer) != 0 ? KindSet.Number : KindSet.Decimal;
        }

        if (op is not ("div" or "mod") && quantities && (left & KindSet.Measured) != 0 && (right & KindSet.Measured) != 0)
        {
            result |= KindSet.Quantity;
        }

        if (op == "+")
        {
            result |= left & right & KindSet.String;
        }

        if (op is "+" or "-" && right.Has(FhirPathKind.Quantity))
        {
            result |= left & KindSet.Temporal;
        }

        return result;
    }

    private static string ArithmeticHint(string op, StaticType left, StaticType right) => (left.Convertible & KindSet.Temporal) != 0 && (right.Convertible & KindSet.Number) != 0
        ? $"a date or time moves by a quantity with a unit; write for example {op} 7 days."
        : $"{op} is not defined for {left} and {right}.";
}
