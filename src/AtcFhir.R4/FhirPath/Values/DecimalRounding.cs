using System.Numerics;
using AtcFhir.R4.Values;

namespace AtcFhir.R4.FhirPath.Values;

/// <summary>Decimals with fewer digits behind the point. <see href="https://hl7.org/fhirpath/N1/#roundprecision-integer-decimal"/></summary>
internal static class DecimalRounding
{
    public static FhirDecimal Truncate(this FhirDecimal value) => value.AtScale(0, static (quotient, _, _) => quotient);

    public static FhirDecimal Floor(this FhirDecimal value) => value.AtScale(0, static (quotient, rest, _) => rest.Sign < 0 ? quotient - 1 : quotient);

    public static FhirDecimal Ceiling(this FhirDecimal value) => value.AtScale(0, static (quotient, rest, _) => rest.Sign > 0 ? quotient + 1 : quotient);

    /// <summary>To that many digits behind the point, half away from zero.</summary>
    public static FhirDecimal Round(this FhirDecimal value, int scale)
        => value.AtScale(scale, static (quotient, rest, divisor) => BigInteger.Abs(rest) * 2 >= divisor ? quotient + rest.Sign : quotient);

    /// <summary>To that many digits behind the point, towards zero; zeros are added where digits are missing.</summary>
    public static FhirDecimal Cut(this FhirDecimal value, int scale) => value.AtScale(scale, static (quotient, _, _) => quotient).WithScaleAtLeast(scale);

    /// <summary>The value when it is whole and fits; null otherwise.</summary>
    public static int? ToInteger(this FhirDecimal value)
    {
        var whole = value.Trim();
        return whole.Scale == 0 && whole.Unscaled >= int.MinValue && whole.Unscaled <= int.MaxValue ? (int)whole.Unscaled : null;
    }

    private static FhirDecimal AtScale(this FhirDecimal value, int scale, Func<BigInteger, BigInteger, BigInteger, BigInteger> settle)
    {
        if (value.Scale <= scale)
        {
            return value;
        }

        var divisor = BigInteger.Pow(10, value.Scale - scale);
        var quotient = BigInteger.DivRem(value.Unscaled, divisor, out var rest);
        return new FhirDecimal(settle(quotient, rest, divisor), scale).WithScaleAtLeast(0);
    }
}
