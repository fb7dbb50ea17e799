using System.Collections.Concurrent;

namespace AtcFhir.R4.Values;

/// <summary>
/// Units of the Unified Code for Units of Measure, case-sensitive codes: is a code well-formed, and what is a quantity in base units.
/// Arithmetic is exact. Parsed units are remembered. <see href="https://ucum.org/ucum"/>
/// </summary>
public static class Ucum
{
    /// <summary>The system URI of UCUM in FHIR.</summary>
    public const string System = "http://unitsofmeasure.org";

    private const int LongestCode = 256;
    private const int MostRemembered = 4096;

    private static readonly Lazy<UcumTable> Table = new(UcumTable.Load);
    private static readonly ConcurrentDictionary<string, UcumUnit?> Remembered = new(StringComparer.Ordinal);

    /// <summary>True when the code follows the grammar and each of its atoms and prefixes exists.</summary>
    public static bool IsValid(string code) => Find(code) is not null;

    /// <summary>
    /// The quantity in UCUM base units, such as 5.4 mmol/L as a number per m3. False when the unit is unknown or cannot be reduced
    /// (logarithmic units such as [pH]). Two quantities are commensurable when their canonical units are the same text.
    /// </summary>
    public static bool TryCanonicalize(FhirDecimal value, string code, out CanonicalQuantity canonical)
    {
        if (Find(code) is not { IsReducible: true } unit || !IsModest(value))
        {
            canonical = default;
            return false;
        }

        canonical = new CanonicalQuantity(unit.ToBase(value).ToDecimal(), unit.Canonical);
        return true;
    }

    /// <summary>The same quantity in another unit, exact where it is a finite decimal. False when the units are not commensurable.</summary>
    public static bool TryConvert(FhirDecimal value, string code, string toCode, out FhirDecimal converted)
    {
        converted = default;
        if (Reducible(code, toCode) is not var (from, to) || !IsModest(value))
        {
            return false;
        }

        converted = to.FromBase(from.ToBase(value)).ToDecimal();
        return true;
    }

    /// <summary>Order of two quantities, or null when they are not commensurable.</summary>
    public static int? Compare(FhirDecimal value, string code, FhirDecimal otherValue, string otherCode)
    {
        if (code == otherCode)
        {
            return value.CompareTo(otherValue);
        }

        return Reducible(code, otherCode) is var (unit, other) && IsModest(value) && IsModest(otherValue)
            ? unit.ToBase(value).CompareTo(other.ToBase(otherValue))
            : null;
    }

    private static (UcumUnit, UcumUnit)? Reducible(string code, string otherCode)
        => Find(code) is { IsReducible: true } unit && Find(otherCode) is { IsReducible: true } other && unit.Canonical == other.Canonical ? (unit, other) : null;

    /// <summary>Exact arithmetic on 1E1000000 would take megabytes; no quantity of the world needs it.</summary>
    private static bool IsModest(FhirDecimal value) => Math.Abs((long)value.Scale) <= FhirDecimal.LongestText;

    private static UcumUnit? Find(string code)
    {
        if (Remembered.TryGetValue(code, out var known))
        {
            return known;
        }

        var unit = code.Length is 0 or > LongestCode ? null : new UcumParser(code, Table.Value.Find).Parse();

        // Anybody may send any code: what was not seen among the first is parsed each time.
        return Remembered.Count < MostRemembered ? Remembered.GetOrAdd(code, unit) : unit;
    }
}

/// <summary>A quantity in base units. The value is exact where it is a finite decimal, else rounded to 34 significant digits.</summary>
/// <param name="Unit">Base units in fixed order with exponents, such as "m-3" or "g.m-1.s-2"; "1" without dimension.</param>
public readonly record struct CanonicalQuantity(FhirDecimal Value, string Unit);
