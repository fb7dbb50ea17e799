using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath.Syntax;

namespace AtcFhir.R4.FhirPath.Guards;

/// <summary>
/// Says of an invariant that it holds of a node, from nothing but which children the node has. Most invariants speak of elements that most resources
/// do not have ("timing.repeat.duration.empty() or …"); those, and the ones that are about presence alone, need no evaluation then.
/// </summary>
internal sealed class PresenceGuard
{
    /// <summary>One bit of the table for each combination of this many elements.</summary>
    private const int MaxElements = 6;

    private readonly TypeSchema type;
    private readonly int[] ordinals;

    /// <summary>Bit i: with the combination i of elements present, the invariant holds.</summary>
    private readonly ulong holds;

    private PresenceGuard(TypeSchema type, int[] ordinals, ulong holds)
    {
        (this.type, this.ordinals, this.holds) = (type, ordinals, holds);
        foreach (var ordinal in ordinals)
        {
            Mask |= 1UL << ordinal;
        }
    }

    /// <summary>The elements that are looked at, one bit an ordinal.</summary>
    public ulong Mask { get; }

    /// <summary>Null when presence never tells that the invariant holds, or the expression does not parse.</summary>
    public static PresenceGuard? Of(string expression, TypeSchema type)
    {
        if (type.IsPrimitive || type.IsAbstract || type.Elements.Count > 64 || Parse(expression) is not { } syntax)
        {
            return null;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        Collect(syntax, names);
        var elements = type.Elements.Where(element => names.Contains(element.Name)).Take(MaxElements).ToArray();
        var holds = 0UL;
        for (var combination = 0; combination < 1 << elements.Length; combination++)
        {
            var inference = new PresenceInference(type, element => Array.IndexOf(elements, element) is var at && at < 0 ? null : (combination & (1 << at)) != 0);
            if (inference.Of(syntax).Kind is PresenceKind.True or PresenceKind.Empty)
            {
                holds |= 1UL << combination;
            }
        }

        return holds == 0 ? null : new PresenceGuard(type, [.. elements.Select(element => element.Ordinal)], holds);
    }

    /// <summary>True when the invariant holds of the node for certain.</summary>
    /// <param name="present">One bit for each element that the node has, as <see cref="Node.PresentElements"/> gives it.</param>
    public bool Holds(Node node, ulong present) => Holds(present) && (ReferenceEquals(node.Type, type) || node.Type.Is(type));

    private bool Holds(ulong present)
    {
        var combination = 0;
        if ((present & Mask) != 0)
        {
            for (var i = 0; i < ordinals.Length; i++)
            {
                combination |= (int)((present >> ordinals[i]) & 1) << i;
            }
        }

        return ((holds >> combination) & 1) != 0;
    }

    private static SyntaxNode? Parse(string expression)
    {
        try
        {
            return Parser.Parse(expression);
        }
        catch (SyntaxFault)
        {
            return null;
        }
    }

    /// <summary>The names that paths start with; of nested arguments more than count here, which does no harm.</summary>
    private static void Collect(SyntaxNode? node, HashSet<string> names)
    {
        switch (node)
        {
            case MemberSyntax { Input: null } start:
                names.Add(start.Name);
                break;
            case MemberSyntax member:
                Collect(member.Input, names);
                break;
            case CallSyntax call:
                Collect(call.Input, names);
                break;
            case IndexerSyntax indexer:
                Collect(indexer.Input, names);
                break;
            case TypeSyntax test:
                Collect(test.Operand, names);
                break;
            case BinarySyntax binary:
                Collect(binary.Left, names);
                Collect(binary.Right, names);
                break;
        }
    }
}
