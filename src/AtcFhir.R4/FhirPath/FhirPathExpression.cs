using AtcFhir.R4.Definitions;
using AtcFhir.R4.Documents;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.R4.FhirPath;

/// <summary>
/// A FHIRPath expression, compiled once and evaluated as often as wanted, from many threads at a time.
/// <see href="https://hl7.org/fhirpath/N1/"/>, <see href="https://hl7.org/fhir/R4/fhirpath.html"/>
/// </summary>
public sealed partial class FhirPathExpression
{
    private FhirPathExpression(string text) => Text = text;

    /// <summary>The text as it was given.</summary>
    public string Text { get; }

    /// <summary>
    /// Parses, checks and compiles. With a <paramref name="context"/> type, names of elements, kinds of operands and arguments are checked against
    /// the definitions and paths bind to schema elements. A failure says what is wrong, where (line and column in the expression) and how to mend it.
    /// </summary>
    public static Result<FhirPathExpression> Compile(string text, TypeSchema? context = null) => throw new NotImplementedException();

    /// <summary>The result, or why there is none: an error in the sense of the standard, the step budget or the time limit of a regular expression.</summary>
    public Result<FhirPathCollection> TryEvaluate(Node focus, FhirPathContext? context = null) => throw new NotImplementedException();

    /// <summary>The result; throws <see cref="FhirPathException"/> where <see cref="TryEvaluate"/> gives a failure.</summary>
    public FhirPathCollection Evaluate(Node focus, FhirPathContext? context = null) => throw new NotImplementedException();

    /// <summary>
    /// The result as an invariant wants it: a single boolean as it is, an empty result is null, any other single item is true.
    /// More than one item is an error. Throws <see cref="FhirPathException"/>; allocates nothing on the usual paths.
    /// </summary>
    public bool? Predicate(Node focus, FhirPathContext? context = null) => throw new NotImplementedException();

    /// <summary><see cref="Predicate"/>, with the error as a value.</summary>
    public Result<bool?> TryPredicate(Node focus, FhirPathContext? context = null) => throw new NotImplementedException();
}
