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
            return Of(input).IsEmpty ? Presence.Empty : Presence.Unknown;
        }

        return type.Find(member.Name) is { } element && has(element) is { } present ? present ? Presence.Some : Presence.Empty : Presence.Unknown;
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
                return Presence.Of(!input.IsEmpty);
            case "empty" when call.Arguments.Count == 0:
                return Presence.Of(input.IsEmpty);
            case "not" when input.IsTruth:
                return input.IsEmpty ? input : Presence.Of(input.IsFalse);
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
            "implies" when left.IsTruth => left.IsFalse ? Presence.Of(true) : left.IsTrue ? Truth(Of(binary.Right)) : Or(left, Of(binary.Right)),
            "xor" when left.IsTruth => Equal(left, Of(binary.Right), negate: true),
            "=" => Equal(left, Of(binary.Right), negate: false),
            "!=" => Equal(left, Of(binary.Right), negate: true),
            "<" or "<=" or ">" or ">=" => Ordered(binary.Operator, left, Of(binary.Right)),
            "|" => Union(left, Of(binary.Right)),
            "in" when left.IsEmpty && !Of(binary.Right).IsUnknown => Presence.Empty,
            _ => Presence.Unknown,
        };
    }

    private static Presence Truth(Presence value) => value.IsTruth ? value : Presence.Unknown;

    // Of the left one it is known that it is not false.
    private static Presence And(Presence left, Presence right) => !right.IsTruth ? Presence.Unknown : right.IsFalse ? right : left.IsEmpty ? left : right;

    // Of the left one it is known that it is not true.
    private static Presence Or(Presence left, Presence right) => !right.IsTruth ? Presence.Unknown : right.IsTrue ? right : left.IsEmpty ? left : right;

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
        => right.IsUnknown ? right : left.IsEmpty && right.IsEmpty ? Presence.Empty : Presence.Some;
}
