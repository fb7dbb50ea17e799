using System.Collections.Concurrent;
using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Syntax;
using AtcFhir.R4.FhirPath.Typing;

namespace AtcFhir.R4.FhirPath;

/// <summary>The parts of an expression, each compiled when an <see cref="Explanation"/> first asks for it. Safe for any number of threads.</summary>
internal sealed class ExpressionParts(string text, FhirPathUse use)
{
    private readonly ConcurrentDictionary<SyntaxNode, Operation> compiled = new(ReferenceEqualityComparer.Instance);
    private SyntaxNode? root;

    public string Text { get; } = text;

    // Two threads may parse it; the parts of both are good.
    public SyntaxNode Root => root ??= Parser.Parse(Text);

    public Operation Of(SyntaxNode part) => compiled.GetOrAdd(part, static (node, use) => Binder.Compile(node, null, use), use);
}
