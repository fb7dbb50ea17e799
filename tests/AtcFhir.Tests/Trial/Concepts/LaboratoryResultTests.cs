using AtcFhir.Trial.Concepts;

namespace AtcFhir.Tests.Trial.Concepts;

public class LaboratoryResultTests
{
    [Theory]
    [InlineData("48.20", "48.20")]
    [InlineData("0.1", "0.1")]
    [InlineData("123456789012345678901234567890.123456789", "123456789012345678901234567890.123456789")]
    [InlineData("1E2", "1E2")]
    public void ANumberInTheTrialsUnitKeepsItsText(string written, string kept)
    {
        var taken = Hospital.Takes(Crp($$"""{"value":{{written}},"unit":"mg/L","system":"http://unitsofmeasure.org","code":"mg/L"}"""));

        Assert.Null(taken.Source);
        Assert.Equal(kept, taken.Trial().Child("value").Child("value").Text);
    }

    [Theory]
    [InlineData("4.82", "mg/dL", "48.2")]
    [InlineData("4.820", "mg/dL", "48.20")]
    [InlineData("5", "mg/dL", "50")]
    [InlineData("0.0482", "g/L", "48.2")]
    [InlineData("48200", "ng/mL", "48.200")]
    [InlineData("12", "ug/mL", "12")]
    public void AnotherMassConcentrationIsConvertedWithoutLoss(string written, string unit, string converted)
    {
        var taken = Hospital.Takes(Crp($$"""{"value":{{written}},"unit":"x","system":"http://unitsofmeasure.org","code":"{{unit}}"}"""));

        Assert.Equal(converted, taken.Trial().Child("value").Child("value").Text);
        Assert.Equal("mg/L", taken.Trial().Child("value").Child("code").Text);
        Assert.Equal(written, taken.Source().Child("value").Child("value").Text);
        Assert.Equal(unit, taken.Source().Child("value").Child("code").Text);
        Assert.Equal("Observation/source-resource", taken.Trial().Child("derivedFrom").Child("reference").Text);
    }

    [Theory]
    [InlineData("10^9/l")]
    [InlineData("x10^9/L")]
    [InlineData("10E9/L")]
    [InlineData("10*3/uL")]
    public void ASpellingOfTenToTheNinthPerLitreBecomesUcum(string unit)
    {
        var taken = Hospital.Takes(Neutrophils($$"""{"value":1.50,"unit":"{{unit}}"}"""));

        Assert.Equal("1.50", taken.Trial().Child("value").Child("value").Text);
        Assert.Equal("10*9/L", taken.Trial().Child("value").Child("code").Text);
        Assert.Equal(unit, taken.Source().Child("value").Child("unit").Text);
    }

    [Fact]
    public void CellsPerMicrolitreAreAThousandthPart()
        => Assert.Equal("1.500", Hospital.Takes(Neutrophils("""{"value":1500,"unit":"cells/uL"}""")).Trial().Child("value").Child("value").Text);

    [Fact]
    public void AComparatorIsKept()
        => Assert.Equal("<", Hospital.Takes(Crp("""{"value":5,"comparator":"<","system":"http://unitsofmeasure.org","code":"mg/L"}""")).Trial().Child("value").Child("comparator").Text);

    [Theory]
    [InlineData("""{"value":5}""")]
    [InlineData("""{"value":5,"system":"http://unitsofmeasure.org","code":"nmol/L"}""")]
    [InlineData("""{"value":5,"system":"http://unitsofmeasure.org","code":"10^9/L"}""")]
    public void AUnitThatCannotBeConvertedIsQuarantined(string quantity)
        => Assert.Equal(MappingRule.Unit, Assert.Single(Hospital.Refuses(Crp(quantity))).Rule);

    [Fact]
    public void AReferenceRangeIsConvertedAlong()
    {
        var json = Crp("""{"value":1,"system":"http://unitsofmeasure.org","code":"mg/dL"}""").Replace(
            "\"status\"", "\"referenceRange\":[{\"high\":{\"value\":0.5,\"system\":\"http://unitsofmeasure.org\",\"code\":\"mg/dL\"}}],\"status\"", StringComparison.Ordinal);

        Assert.Equal("5", Hospital.Takes(json).Trial().Child("referenceRange").Child("high").Child("value").Text);
    }

    [Fact]
    public void ATextInsteadOfANumberIsQuarantined()
        => Assert.Equal(MappingRule.ValueForm, Assert.Single(Hospital.Refuses(Crp("{}").Replace("\"valueQuantity\":{}", "\"valueString\":\"hemolytic\"", StringComparison.Ordinal))).Rule);

    private static string Crp(string quantity) => Result("1988-5", quantity);

    private static string Neutrophils(string quantity) => Result("751-8", quantity);

    private static string Result(string code, string quantity)
        => $$"""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"{{code}}"}]},"subject":{"reference":"Patient/123"},"effectiveDateTime":"2018-11-05T08:15:00+01:00","valueQuantity":{{quantity}}}""";
}
