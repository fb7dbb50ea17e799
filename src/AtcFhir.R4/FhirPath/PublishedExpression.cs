using AtcFhir.R4.Definitions;
using AtcFhir.R4.FhirPath.Syntax;
using AtcFhir.R4.FhirPath.Typing;
using AtcFhir.R4.Outcomes;

namespace AtcFhir.R4.FhirPath;

/// <summary>An expression of a conformance resource that is asked what it can find, not evaluated. It is parsed once.</summary>
internal sealed class PublishedExpression
{
    private readonly string text;
    private readonly SyntaxNode syntax;

    private PublishedExpression(string text, SyntaxNode syntax) => (this.text, this.syntax) = (text, syntax);

    /// <summary>The types at which its paths start; null when one starts at whatever it is evaluated on.</summary>
    public IReadOnlyList<TypeSchema>? StartTypes => PathStarts.Of(syntax);

    /// <summary>Null of a text that is no FHIRPath.</summary>
    public static PublishedExpression? Read(string text)
    {
        try
        {
            var syntax = Parser.Parse(text);
            Binder.Compile(syntax, null, FhirPathUse.Definition);
            return new PublishedExpression(text, syntax);
        }
        catch (SyntaxFault)
        {
            return null;
        }
    }

    /// <summary>What it can find on a focus of that type; a failure when it names an element, or starts at a type, that the focus cannot have.</summary>
    public Result<StaticType> Infer(StaticType focus)
    {
        try
        {
            return Binder.Infer(syntax, focus);
        }
        catch (SyntaxFault fault)
        {
            return fault.ToFailure(text);
        }
    }
}
