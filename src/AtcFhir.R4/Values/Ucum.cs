namespace AtcFhir.R4.Values;

/// <summary>
/// Units of the Unified Code for Units of Measure, case-sensitive codes: is a code well-formed, and what is a quantity in base units.
/// Arithmetic is exact. Parsed units are remembered. <see href="https://ucum.org/ucum"/>
/// </summary>
public static class Ucum
{
    /// <summary>The system URI of UCUM in FHIR.</summary>
    public const string System = "http://unitsofmeasure.org";

    /// <summary>True when the code follows the grammar and each of its atoms and prefixes exists.</summary>
    public static bool IsValid(string code) => throw new NotImplementedException();

    /// <summary>
    /// The quantity in UCUM base units, such as 5.4 mmol/L as a number per m3. False when the unit is unknown or cannot be reduced
    /// (logarithmic units such as pH). Two quantities are commensurable when their canonical units are the same text.
    /// </summary>
    public static bool TryCanonicalize(FhirDecimal value, string code, out CanonicalQuantity canonical) => throw new NotImplementedException();

    /// <summary>Order of two quantities, or null when they are not commensurable.</summary>
    public static int? Compare(FhirDecimal value, string code, FhirDecimal otherValue, string otherCode) => throw new NotImplementedException();
}

/// <summary>A quantity in base units. The value is exact where it is a finite decimal, else rounded to 34 significant digits.</summary>
/// <param name="Unit">Base units in fixed order with exponents, such as "m-3" or "g.m-1.s-2"; "1" without dimension.</param>
public readonly record struct CanonicalQuantity(FhirDecimal Value, string Unit);
