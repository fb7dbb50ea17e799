using System.Numerics;
using AtcFhir.R4.FhirPath.Values;
using AtcFhir.R4.Values;
using CsCheck;

namespace AtcFhir.Tests.R4.FhirPath.Values;

public sealed class DecimalArithmeticTests
{
    private static readonly Gen<FhirDecimal> Numbers = Gen.Decimal.Select(Of);

    private static readonly Gen<FhirDecimal> LongNumbers = Gen.Select(Gen.String[Gen.Char['0', '9'], 1, 60], Gen.Int[0, 60], Gen.Bool,
        (digits, scale, negative) => new FhirDecimal(BigInteger.Parse((negative ? "-" : "") + digits, CultureInfo.InvariantCulture), scale));

    [Fact]
    public void TakesAwayWhatItAdds() => Gen.Select(LongNumbers, LongNumbers).Sample((a, b) =>
        DecimalArithmetic.Subtract(DecimalArithmetic.Add(a, b)!.Value, b)!.Value.Equals(a));

    [Fact]
    public void AddsAndMultipliesAsWholeNumbersDo() => Gen.Select(LongNumbers, LongNumbers).Sample((a, b) =>
        DecimalArithmetic.Add(a, b)!.Value.UnscaledAt(60) == a.UnscaledAt(60) + b.UnscaledAt(60)
        && DecimalArithmetic.Multiply(a, b)!.Value.UnscaledAt(120) == a.UnscaledAt(60) * b.UnscaledAt(60));

    [Fact]
    public void CalculatesAsTheDecimalsOfDotNetDo() => Gen.Select(Gen.Int, Gen.Int, Gen.Int[0, 9], Gen.Int[0, 9]).Sample((x, y, xScale, yScale) =>
    {
        var (a, b) = (new FhirDecimal(x, xScale), new FhirDecimal(y, yScale));
        var (left, right) = (a.ToDecimal()!.Value, b.ToDecimal()!.Value);
        return DecimalArithmetic.Add(a, b)!.Value.ToDecimal() == left + right
            && DecimalArithmetic.Multiply(a, b)!.Value.ToDecimal() == left * right
            && DecimalArithmetic.Div(a, b)?.ToDecimal() == (y == 0 ? null : decimal.Truncate(left / right))
            && DecimalArithmetic.Mod(a, b)?.ToDecimal() == (y == 0 ? null : left % right);
    });

    [Fact]
    public void IsTheQuotientTimesTheDivisorPlusTheRest() => Gen.Select(Numbers, Numbers.Where(value => !value.IsZero)).Sample((a, b) =>
        DecimalArithmetic.Add(DecimalArithmetic.Multiply(DecimalArithmetic.Div(a, b)!.Value, b)!.Value, DecimalArithmetic.Mod(a, b)!.Value)!.Value.Equals(a));

    [Fact]
    public void UndoesAMultiplicationByDividing() => Gen.Select(Gen.Int, Gen.Int[1, int.MaxValue], Gen.Int[0, 9]).Sample((x, y, scale) =>
    {
        var (a, b) = (new FhirDecimal(x, scale), new FhirDecimal(y));
        return DecimalArithmetic.Divide(DecimalArithmetic.Multiply(a, b)!.Value, b)!.Value.Equals(a);
    });

    [Fact]
    public void IsAPowerWhatIsMultipliedSoManyTimes() => Gen.Select(Gen.Int[-999, 999], Gen.Int[0, 9], Gen.Int[0, 3]).Sample((x, exponent, scale) =>
    {
        var (value, product) = (new FhirDecimal(x, scale), FhirDecimal.One);
        for (var i = 0; i < exponent; i++)
        {
            product = DecimalArithmetic.Multiply(product, value)!.Value;
        }

        return DecimalArithmetic.Power(value, exponent)!.Value.Equals(product);
    });

    [Fact]
    public void HasNoResultThatIsTooLong()
    {
        var longest = new FhirDecimal(BigInteger.Pow(10, 399));
        Assert.NotNull(DecimalArithmetic.Add(longest, longest));
        Assert.Null(DecimalArithmetic.Multiply(longest, new FhirDecimal(100)));
        Assert.Null(DecimalArithmetic.Power(longest, 3));
    }

    private static FhirDecimal Of(decimal value) => FhirDecimal.Parse(value.ToString(CultureInfo.InvariantCulture))!.Value;
}
