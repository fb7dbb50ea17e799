using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Syntax;

namespace AtcFhir.R4.FhirPath;

/// <summary>
/// Why a predicate is false: the part of its text that made it so, and what the paths in that part found. Of <c>a and b</c> the part is the side
/// that is false, of <c>a implies b</c> it is <c>b</c>, of anything else the whole.
/// </summary>
internal sealed class Explanation(ExpressionParts parts, Node focus, FhirPathContext context)
{
    /// <summary>More than these tell a reader nothing.</summary>
    private const int MostPaths = 6;

    public FalsePredicate Find()
    {
        var part = Narrow(parts.Root);
        var operands = new List<PathOperand>();
        Collect(part, operands);
        return new FalsePredicate(parts.Text[part.Span], operands);
    }

    private SyntaxNode Narrow(SyntaxNode node) => node switch
    {
        BinarySyntax { Operator: "and" } both => IsFalse(both.Left) ? Narrow(both.Left) : IsFalse(both.Right) ? Narrow(both.Right) : node,
        BinarySyntax { Operator: "implies" } rule => IsFalse(rule.Right) ? Narrow(rule.Right) : node,
        _ => node,
    };

    private bool IsFalse(SyntaxNode part)
    {
        var run = Evaluation.Start(parts.Text, focus, context);
        var isFalse = parts.Of(part).Truth(run, new Scope(focus, 0)) == false;
        run.End();
        return isFalse;
    }

    /// <summary>The paths that the part starts from at the focus; those inside the arguments of functions have another focus.</summary>
    private void Collect(SyntaxNode node, List<PathOperand> operands)
    {
        switch (node)
        {
            case BinarySyntax binary:
                Collect(binary.Left, operands);
                Collect(binary.Right, operands);
                break;
            case CallSyntax { Name: "iif" } choice:
                foreach (var argument in choice.Arguments)
                {
                    Collect(argument, operands);
                }

                break;
            default:
                if (LongestPath(node) is { } path && operands.Count < MostPaths)
                {
                    Add(path, operands);
                }

                break;
        }
    }

    private void Add(SyntaxNode path, List<PathOperand> operands)
    {
        var label = Label(path);
        if (operands.Exists(known => known.Label == label))
        {
            return;
        }

        var run = Evaluation.Start(parts.Text, focus, context);
        var list = run.Rent();
        parts.Of(path).Append(run, new Scope(focus, 0), list);
        operands.Add(new PathOperand(label, list.Count == 0 ? default : new FhirPathCollection(list.Span.ToArray())));
        run.Return(list);
        run.End();
    }

    /// <summary>"severity.coding" of severity.coding.where(…).exists(): as far as there are only steps.</summary>
    private static SyntaxNode? LongestPath(SyntaxNode node) => node switch
    {
        _ when IsPath(node) => node,
        CallSyntax { Input: { } input } => LongestPath(input),
        MemberSyntax { Input: { } input } => LongestPath(input),
        IndexerSyntax indexer => LongestPath(indexer.Input),
        TypeSyntax type => LongestPath(type.Operand),
        _ => null,
    };

    private static bool IsPath(SyntaxNode node) => node switch
    {
        SpecialSyntax { Name: "$this" } => true,
        MemberSyntax member => member.Input is null || IsPath(member.Input),
        CallSyntax { Name: "extension" or "ofType" } step => step.Input is null || IsPath(step.Input),
        _ => false,
    };

    /// <summary>"ae-grade" of extension('http://…/ae-grade').value.ofType(CodeableConcept).coding: what a person would call it.</summary>
    private static string Label(SyntaxNode path) => path switch
    {
        CallSyntax { Name: "extension", Arguments: [LiteralSyntax url] } => url.Text.Trim('\'')[(url.Text.Trim('\'').LastIndexOf('/') + 1)..],
        CallSyntax { Input: { } input } => Label(input),
        MemberSyntax { Input: CallSyntax { Name: "extension" } extension, Name: "value" } => Label(extension),
        MemberSyntax { Input: { } input, Name: "coding" or "code" or "value" or "system" } when Label(input) is { Length: > 0 } label => label,
        MemberSyntax { Input: { } input } member when Label(input) is { Length: > 0 } label => label + "." + member.Name,
        MemberSyntax member => member.Name,
        _ => "",
    };
}

/// <summary>A predicate that was false.</summary>
/// <param name="Part">The part of its text that made it false; the whole text where no part alone did.</param>
/// <param name="Operands">The paths that this part reads at the focus, and what they found.</param>
public sealed record FalsePredicate(string Part, IReadOnlyList<PathOperand> Operands);

/// <param name="Label">For people: "status", "severity"; empty for the focus itself.</param>
public readonly record struct PathOperand(string Label, FhirPathCollection Items);
