namespace AtcFhir.R4.Values;

/// <summary>
/// A unit reduced to base units: how many of them it is, and of which. Celsius and Fahrenheit have an offset besides; of logarithmic and
/// other special units the scale is unknown, so that they are only known to exist.
/// </summary>
internal sealed class UcumUnit(Rational factor, IReadOnlyDictionary<string, int> dimensions, Rational offset = default, bool isReducible = true, bool isSpecial = false)
{
    public static UcumUnit One { get; } = new(Rational.One, new Dictionary<string, int>());

    public Rational Factor => factor;

    /// <summary>False when a quantity in this unit has no fixed ratio to base units.</summary>
    public bool IsReducible => isReducible;

    /// <summary>The base units in a fixed order: "g.m-1.s-2", or "1".</summary>
    public string Canonical { get; } = dimensions.Count == 0
        ? "1"
        : string.Join('.', dimensions.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value == 1 ? pair.Key : pair.Key + pair.Value.ToString(CultureInfo.InvariantCulture)));

    public static UcumUnit Base(string code) => new(Rational.One, new Dictionary<string, int>(StringComparer.Ordinal) { [code] = 1 });

    /// <summary>A unit with a known zero point, such as Cel: base = (value + offset) × factor.</summary>
    public static UcumUnit Affine(Rational factor, Rational offset, UcumUnit measure)
        => new(factor * measure.Factor, measure.Dimensions, offset, measure.IsReducible, isSpecial: true);

    public static UcumUnit Irreducible(string code) => new(Rational.One, Base(code).Dimensions, isReducible: false, isSpecial: true);

    public UcumUnit Times(UcumUnit other, int sign)
    {
        var product = new Dictionary<string, int>(dimensions, StringComparer.Ordinal);
        foreach (var (code, exponent) in other.Dimensions)
        {
            var sum = product.GetValueOrDefault(code) + sign * exponent;
            if (sum == 0)
            {
                product.Remove(code);
            }
            else
            {
                product[code] = sum;
            }
        }

        return new UcumUnit(factor * other.Factor.Power(sign), product, isReducible: IsRatio && other.IsRatio);
    }

    public UcumUnit Power(int exponent) => exponent == 1
        ? this
        : new UcumUnit(factor.Power(exponent), exponent == 0 ? One.Dimensions : dimensions.ToDictionary(pair => pair.Key, pair => pair.Value * exponent, StringComparer.Ordinal), isReducible: IsRatio);

    /// <summary>With a prefix or a number in front.</summary>
    public UcumUnit Scale(Rational scale) => new(factor * scale, dimensions, offset / scale, isReducible, isSpecial);

    public Rational ToBase(FhirDecimal value) => (Rational.Of(value) + offset) * factor;

    public Rational FromBase(Rational value) => value / factor + -offset;

    private IReadOnlyDictionary<string, int> Dimensions => dimensions;

    /// <summary>Special units have no zero in common with base units and take no part in products.</summary>
    private bool IsRatio => isReducible && !isSpecial;
}
