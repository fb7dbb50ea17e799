using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Syntax;
using AtcFhir.R4.FhirPath.Typing;

namespace AtcFhir.R4.FhirPath;

/// <summary>
/// Why a predicate is false: the part of its text that made it so. Of <c>a and b</c> that is the side that is false, of <c>a implies b</c> it is <c>b</c>,
/// of anything else the whole. Compiled anew for each part, since it is asked for failures only.
/// </summary>
internal sealed class Explanation(string text, FhirPathUse use, Node focus, FhirPathContext context)
{
    public string Find()
    {
        var part = Narrow(Parser.Parse(text));
        return text[part.Span];
    }

    private SyntaxNode Narrow(SyntaxNode node) => node switch
    {
        BinarySyntax { Operator: "and" } both => IsFalse(both.Left) ? Narrow(both.Left) : IsFalse(both.Right) ? Narrow(both.Right) : node,
        BinarySyntax { Operator: "implies" } rule => IsFalse(rule.Right) ? Narrow(rule.Right) : node,
        _ => node,
    };

    private bool IsFalse(SyntaxNode part)
    {
        var run = Evaluation.Start(text, focus, context);
        var isFalse = Binder.Compile(part, null, use).Truth(run, new Scope(focus, 0)) == false;
        run.End();
        return isFalse;
    }
}
