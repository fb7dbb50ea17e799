using AtcFhir.R4.FhirPath.Evaluating;
using AtcFhir.R4.FhirPath.Syntax;
using AtcFhir.R4.FhirPath.Values;
using AtcFhir.R4.Values;

namespace AtcFhir.R4.FhirPath.Operators;

/// <summary>A literal or another value that is known when the expression is compiled; no item for {}.</summary>
internal sealed class ConstantOperation(int position, FhirPathItem value) : SingleOperation(position)
{
    public FhirPathItem Value { get; } = value;

    /// <summary>A string's UTF-8 form, for comparing with nodes without making strings of them; null for other values.</summary>
    public byte[]? Utf8 { get; } = value.Kind == FhirPathKind.String ? System.Text.Encoding.UTF8.GetBytes(value.String) : null;

    public override FhirPathItem Single(Evaluation run, in Scope scope) => Value;
}

/// <summary>Literals to values.</summary>
internal static class Literals
{
    public static FhirPathItem Value(LiteralSyntax literal)
    {
        switch (literal.Kind)
        {
            case FhirPathKind.Boolean:
                return literal.Text == "true";
            case FhirPathKind.String:
                return literal.Text;
            case FhirPathKind.Integer when int.TryParse(literal.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var integer):
                return integer;
            case FhirPathKind.Integer or FhirPathKind.Decimal:
                return FhirPathItem.Of(Number(literal.Text, literal.Position));
            default:
                return TemporalReading.Parse(literal.Kind, literal.Text.AsSpan()) is { } temporal
                    ? FhirPathItem.Of(literal.Kind, temporal)
                    : throw new SyntaxFault($"'{literal.Text}' is not a {literal.Kind} that exists.", literal.Position);
        }
    }

    public static FhirPathItem Value(QuantitySyntax literal)
        => FhirPathItem.Of(new UnitQuantity(Number(literal.Number, literal.Position), literal.Unit, literal.IsCalendar ? UnitSystem.Calendar : UnitSystem.Ucum));

    private static FhirDecimal Number(string text, int position)
        => DecimalReading.Parse(text.AsSpan()) ?? throw new SyntaxFault("this number has too many digits.", position);
}
