using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Syntax;
using AtcFhir.R4.FhirPath.Typing;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.R4.FhirPath;

/// <summary>Where an expression comes from.</summary>
public enum FhirPathUse
{
    /// <summary>Written for today's standard: as() takes one item, and nothing is picked by position from children().</summary>
    Expression,

    /// <summary>
    /// Published in a conformance resource (invariant, search parameter, slicing discriminator). Those of R4's time, its own dom-3 among them, apply as() to
    /// collections and mean ofType(); they may also pick by position from children().
    /// </summary>
    Definition,
}

/// <summary>
/// A FHIRPath expression, compiled once and evaluated as often as wanted, from many threads at a time.
/// <see href="https://hl7.org/fhirpath/N1/"/>, <see href="https://hl7.org/fhir/R4/fhirpath.html"/>
/// </summary>
public sealed class FhirPathExpression
{
    private readonly Operation operation;

    private readonly ExpressionParts parts;

    private FhirPathExpression(string text, Operation operation, FhirPathUse use) => (Text, this.operation, parts) = (text, operation, new ExpressionParts(text, use));

    /// <summary>The text as it was given.</summary>
    public string Text { get; }

    /// <summary>
    /// Parses, checks and compiles. With a <paramref name="context"/> type, names of elements and the kinds of operands and arguments are checked against
    /// the definitions. A failure says what is wrong, where (line and column in the expression) and how to mend it.
    /// </summary>
    public static Result<FhirPathExpression> Compile(string text, TypeSchema? context = null, FhirPathUse use = FhirPathUse.Expression)
    {
        try
        {
            return new FhirPathExpression(text, Binder.Compile(Parser.Parse(text), context, use), use);
        }
        catch (SyntaxFault fault)
        {
            return fault.ToFailure(text);
        }
    }

    /// <summary>The result, or why there is none: an error in the sense of the standard, the step budget or the time limit of a regular expression.</summary>
    public Result<FhirPathCollection> TryEvaluate(Node focus, FhirPathContext? context = null)
    {
        try
        {
            return Evaluate(focus, context);
        }
        catch (FhirPathException fault)
        {
            return fault.ToFailure();
        }
    }

    /// <summary>The result; throws <see cref="FhirPathException"/> where <see cref="TryEvaluate"/> gives a failure.</summary>
    public FhirPathCollection Evaluate(Node focus, FhirPathContext? context = null)
    {
        var run = Evaluation.Start(Text, focus, context ?? FhirPathContext.Default);
        var list = run.Rent();
        operation.Append(run, new Scope(focus, 0), list);
        var result = list.Count == 0 ? default : new FhirPathCollection(list.Span.ToArray());
        run.Return(list);
        run.End();
        return result;
    }

    /// <summary>
    /// The result as an invariant wants it: a single boolean as it is, an empty result is null, any other single item is true.
    /// More than one item is an error. Throws <see cref="FhirPathException"/>; allocates nothing on the usual paths.
    /// </summary>
    public bool? Predicate(Node focus, FhirPathContext? context = null)
    {
        var run = Evaluation.Start(Text, focus, context ?? FhirPathContext.Default);
        var truth = operation.Truth(run, new Scope(focus, 0));
        run.End();
        return truth;
    }

    /// <summary><see cref="Predicate"/>, with the error as a value.</summary>
    public Result<bool?> TryPredicate(Node focus, FhirPathContext? context = null)
    {
        try
        {
            return Predicate(focus, context);
        }
        catch (FhirPathException fault)
        {
            return fault.ToFailure();
        }
    }

    /// <summary>
    /// For a predicate that is false on the focus: the part of the text that made it so, "b.exists()" of <c>a.exists() and b.exists()</c>, and what
    /// the paths in it found.
    /// </summary>
    public FalsePredicate Explain(Node focus, FhirPathContext? context = null)
    {
        try
        {
            return new Explanation(parts, focus, context ?? FhirPathContext.Default).Find();
        }
        catch (Exception fault) when (fault is FhirPathException or SyntaxFault)
        {
            return new FalsePredicate(Text, []);
        }
    }

    public override string ToString() => Text;
}
