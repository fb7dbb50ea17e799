using AtcFhir.R4.Definitions;
using AtcFhir.R4.FhirPath.Syntax;

namespace AtcFhir.R4.FhirPath.Guards;

/// <summary>
/// Works an expression out for a node of which only the present children are known. It follows the order in which the operations evaluate, so that
/// what might fail with an error is never passed over.
/// </summary>
/// <param name="type">The type of the node.</param>
/// <param name="has">Which of its elements have children; null where that is left open.</param>
internal sealed class PresenceInference(TypeSchema type, Func<ElementSchema, bool?> has)
{
    /// <summary>Functions of a collection or value that give nothing for nothing.</summary>
    private static readonly HashSet<string> EmptyOfEmpty = new(StringComparer.Ordinal)
    {
        "where", "select", "first", "last", "tail", "skip", "take", "single", "ofType", "as", "distinct", "matches", "startsWith", "endsWith", "contains",
        "length", "substring", "indexOf", "upper", "lower", "toInteger", "toDecimal", "toString", "resolve", "extension", "children", "descendants", "repeat",
    };

    public Presence Of(SyntaxNode node) => node switch
    {
        EmptySyntax => Presence.Empty,
        LiteralSyntax literal => Literal(literal),
        MemberSyntax member => Member(member),
        CallSyntax call => Call(call),
        IndexerSyntax indexer => Of(indexer.Input).IsEmpty && indexer.Index is LiteralSyntax ? Presence.Empty : Presence.Unknown,
        TypeSyntax test => Of(test.Operand).IsEmpty ? Presence.Empty : Presence.Unknown,
        BinarySyntax binary => Binary(binary),
        _ => Presence.Unknown,
    };

    private static Presence Literal(LiteralSyntax literal) => literal.Kind switch
    {
        FhirPathKind.Boolean => Presence.Of(literal.Text == "true"),
        FhirPathKind.Integer when int.TryParse(literal.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => Presence.Of(number),
        _ => Presence.Some,
    };

    private Presence Member(MemberSyntax member)
    {
        if (member.Input is { } input)
        {
            var parents = Of(input);
            return parents.IsEmpty || parents.IsUnknown ? parents : Presence.Items;
        }

        return type.Find(member.Name) is { } element ? has(element) switch { true => Presence.Some, false => Presence.Empty, null => Presence.Items } : Presence.Unknown;
    }

    private Presence Call(CallSyntax call)
    {
        var input = call.Input is { } subject ? Of(subject) : Presence.Unknown;
        if (input.IsUnknown)
        {
            return input;
        }

        switch (call.Name)
        {
            case "exists" when call.Arguments.Count == 0 || input.IsEmpty:
                return input.Kind is PresenceKind.Items or PresenceKind.Truth ? Presence.Truth : Presence.Of(!input.IsEmpty);
            case "empty" when call.Arguments.Count == 0:
                return input.Kind is PresenceKind.Items or PresenceKind.Truth ? Presence.Truth : Presence.Of(input.IsEmpty);
            case "hasValue" when call.Arguments.Count == 0:
                return input.IsEmpty ? Presence.Of(false) : Presence.Truth;
            case "not" when input.IsTruth:
                return input.IsTrue || input.IsFalse ? Presence.Of(input.IsFalse) : input;
            case "count" when input.IsEmpty:
                return Presence.Of(0);
            case "all" or "isDistinct" when input.IsEmpty:
                return Presence.Of(true);
        }

        return input.IsEmpty && EmptyOfEmpty.Contains(call.Name) ? Presence.Empty : Presence.Unknown;
    }

    private Presence Binary(BinarySyntax binary)
    {
        var left = Of(binary.Left);
        if (left.IsUnknown)
        {
            return left;
        }

        return binary.Operator switch
        {
            "and" when left.IsTruth => left.IsFalse ? left : And(left, Of(binary.Right)),
            "or" when left.IsTruth => left.IsTrue ? left : Or(left, Of(binary.Right)),
            "implies" when left.IsTruth => left.IsFalse ? Presence.Of(true) : Implied(left, Of(binary.Right)),
            "xor" when left.IsTruth => Equal(left, Of(binary.Right), negate: true),
            "=" or "!=" when binary.Right is LiteralSyntax && left.Kind is PresenceKind.Some or PresenceKind.Items => Presence.Truth,
            "=" => Equal(left, Of(binary.Right), negate: false),
            "!=" => Equal(left, Of(binary.Right), negate: true),
            "<" or "<=" or ">" or ">=" => Ordered(binary.Operator, left, Of(binary.Right)),
            "|" => Union(left, Of(binary.Right)),
            "in" => In(binary, left),
            _ => Presence.Unknown,
        };
    }

    /// <summary>Of several items on the left the operator makes an error, so one that may repeat is left alone.</summary>
    private Presence In(BinarySyntax binary, Presence left)
    {
        if (Of(binary.Right).IsUnknown)
        {
            return Presence.Unknown;
        }

        return left.IsEmpty ? left : binary.Left is MemberSyntax { Input: null } member && type.Find(member.Name) is { IsList: false } ? Presence.Truth : Presence.Unknown;
    }

    // Of the left one it is known that it is not false.
    private static Presence And(Presence left, Presence right)
        => !right.IsTruth ? Presence.Unknown : right.IsFalse ? right : left.IsTrue ? right : left.IsEmpty && right.Kind != PresenceKind.Truth ? left : Presence.Truth;

    // Of the left one it is known that it is not true.
    private static Presence Or(Presence left, Presence right)
        => !right.IsTruth ? Presence.Unknown : right.IsTrue ? right : left.IsFalse ? right : left.IsEmpty && right.Kind != PresenceKind.Truth ? left : Presence.Truth;

    // Of the left one it is known that it is not false.
    private static Presence Implied(Presence left, Presence right)
        => !right.IsTruth ? Presence.Unknown : right.IsTrue || left.IsTrue ? right : left.IsEmpty && right.Kind != PresenceKind.Truth ? left : Presence.Truth;

    private static Presence Equal(Presence left, Presence right, bool negate)
    {
        if (right.IsUnknown)
        {
            return right;
        }

        if (left.IsEmpty || right.IsEmpty)
        {
            return Presence.Empty;
        }

        if (left.Kind == PresenceKind.Truth || right.Kind == PresenceKind.Truth)
        {
            return left.IsTruth && right.IsTruth ? Presence.Truth : Presence.Unknown;
        }

        var isBoolean = left.IsTruth && right.IsTruth;
        var isNumber = left.Kind == PresenceKind.Number && right.Kind == PresenceKind.Number;
        return isBoolean || isNumber ? Presence.Of(left == right != negate) : Presence.Unknown;
    }

    private static Presence Ordered(string op, Presence left, Presence right)
    {
        if (right.IsUnknown || left.IsEmpty || right.IsEmpty)
        {
            return right.IsUnknown ? right : Presence.Empty;
        }

        if (left.Kind != PresenceKind.Number || right.Kind != PresenceKind.Number)
        {
            return Presence.Unknown;
        }

        return Presence.Of(op switch
        {
            "<" => left.Number < right.Number,
            "<=" => left.Number <= right.Number,
            ">" => left.Number > right.Number,
            _ => left.Number >= right.Number,
        });
    }

    private static Presence Union(Presence left, Presence right)
        => right.IsUnknown ? right
            : left.IsEmpty && right.IsEmpty ? Presence.Empty
            : IsCertain(left) || IsCertain(right) ? Presence.Some : Presence.Items;

    private static bool IsCertain(Presence value) => !value.IsEmpty && value.Kind is not (PresenceKind.Items or PresenceKind.Truth);
}
