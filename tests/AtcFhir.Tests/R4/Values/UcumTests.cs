using System.Text.Json;
using AtcFhir.R4.Values;
using CsCheck;

namespace AtcFhir.Tests.R4.Values;

public sealed class UcumTests
{
    private static readonly string[] Units = ["mg/dL", "mmol/L", "10*9/L", "kg.m/s2", "[in_i]", "mm[Hg]", "/min", "%", "U/L", "[iU]/mL", "Cel", "[degF]", "ug/kg/min", "cm[H2O]"];

    [Theory]
    [InlineData("mg/dL", "10", "g.m-3", "100")]
    [InlineData("kg", "1", "g", "1000")]
    [InlineData("10*9/L", "4.5", "m-3", "4500000000000")]
    [InlineData("mmol/L", "1", "m-3", "602213670000000000000000")]
    [InlineData("mm[Hg]", "120", "g.m-1.s-2", "15998640")]
    [InlineData("%", "45", "1", "0.45")]
    [InlineData("{score}", "3", "1", "3")]
    [InlineData("1", "3", "1", "3")]
    [InlineData("/min", "60", "s-1", "1")]
    [InlineData("Cel", "37", "K", "310.15")]
    [InlineData("[degF]", "98.6", "K", "310.15")]
    [InlineData("[IU]/L", "5", "[iU].m-3", "5000")]
    [InlineData("mg/(kg.d)", "86400", "s-1", "0.000001")]
    [InlineData("m[H2O]", "1", "g.m-1.s-2", "9806650")]
    [InlineData("10*-3", "1", "1", "0.001")]
    [InlineData("kg/m2{body}", "1", "g.m-2", "1000")]
    public void AQuantityIsReducedToBaseUnits(string code, string value, string unit, string expected)
    {
        Assert.True(FhirDecimal.TryParse(value, out var number) & FhirDecimal.TryParse(expected, out var result));
        Assert.True(Ucum.TryCanonicalize(number, code, out var canonical));
        Assert.Equal(unit, canonical.Unit);
        Assert.Equal(result, canonical.Value);
    }

    [Theory]
    [InlineData("[pH]")]
    [InlineData("dB")]
    [InlineData("Cel/s")]
    public void WhatHasNoFixedRatioIsKnownButNotReduced(string code)
    {
        Assert.True(Ucum.IsValid(code));
        Assert.False(Ucum.TryCanonicalize(default, code, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("mg/")]
    [InlineData("mgdL")]
    [InlineData("mg//dL")]
    [InlineData("mg dL")]
    [InlineData("Mgg")]
    [InlineData("kkg")]
    [InlineData("m[in_i]x")]
    [InlineData("(mg")]
    [InlineData("mg)")]
    [InlineData("mg{a")]
    [InlineData("mg{a{b}}")]
    [InlineData("k%")]
    [InlineData("m+")]
    [InlineData("10**9")]
    [InlineData("[nothing]")]
    public void WhatTheGrammarDoesNotAllowIsInvalid(string code) => Assert.False(Ucum.IsValid(code));

    [Theory]
    [InlineData("1", "kg", "1000", "g", 0)]
    [InlineData("1", "[in_i]", "2.54", "cm", 0)]
    [InlineData("1", "[lb_av]", "0.45359237", "kg", 0)]
    [InlineData("36.9", "Cel", "98.6", "[degF]", -1)]
    [InlineData("1", "mg", "1", "mL", null)]
    [InlineData("7.4", "[pH]", "7.3", "[pH]", 1)]
    [InlineData("7.4", "[pH]", "7.3", "mol/L", null)]
    public void QuantitiesAreComparedExactly(string value, string code, string otherValue, string otherCode, int? order)
    {
        Assert.True(FhirDecimal.TryParse(value, out var left) & FhirDecimal.TryParse(otherValue, out var right));
        Assert.Equal(order, Ucum.Compare(left, code, right, otherCode));
    }

    [Fact]
    public void ConvertingThereAndBackIsTheSameValue() => Gen.OneOf(Array.ConvertAll(Units, Gen.Const)).Select(Gen.OneOf(Array.ConvertAll(Units, Gen.Const)), Gen.Int[-1_000_000, 1_000_000], Gen.Int[0, 6]).Sample((from, to, unscaled, scale) =>
    {
        var value = new FhirDecimal(unscaled, scale);
        return !Ucum.TryConvert(value, from, to, out var there)
            || (Ucum.TryConvert(there, to, from, out var back) && Math.Abs(back.ToDouble() - value.ToDouble()) <= 1e-12 * Math.Abs(value.ToDouble()));
    });

    /// <summary>The codes that FHIR lists as common units.</summary>
    [Fact]
    public void EveryCommonUnitOfFhirIsValid()
    {
        using var common = JsonDocument.Parse(R4Examples.Get("ValueSet-ucum-common"));
        var codes = common.RootElement.GetProperty("compose").GetProperty("include")[0].GetProperty("concept").EnumerateArray().Select(concept => concept.GetProperty("code").GetString()!);
        Assert.Equal([], codes.Where(code => !Ucum.IsValid(code)));
    }
}
