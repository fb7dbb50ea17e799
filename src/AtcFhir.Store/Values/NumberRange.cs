using System.Numerics;
using AtcFhir.R4.Values;

namespace AtcFhir.Store.Values;

/// <summary>A number of a query and what its digits imply. <see href="https://hl7.org/fhir/R4/search.html#number"/></summary>
internal readonly record struct NumberRange(FhirDecimal Value, FhirDecimal Low, FhirDecimal High)
{
    public static bool TryParse(ReadOnlySpan<char> text, out NumberRange range)
    {
        var isNumber = FhirDecimal.TryParse(text, out var value);
        range = isNumber ? new NumberRange(value, value.Interval.Low, value.Interval.High) : default;
        return isNumber;
    }

    /// <summary>Ten per cent to both sides: what R4 recommends for "approximately".</summary>
    public NumberRange Approximately()
    {
        var (tenth, digits) = (BigInteger.Abs(Value.Unscaled), Value.Unscaled * 10);
        return new NumberRange(Value, new FhirDecimal(digits - tenth, Value.Scale + 1), new FhirDecimal(digits + tenth, Value.Scale + 1));
    }
}
