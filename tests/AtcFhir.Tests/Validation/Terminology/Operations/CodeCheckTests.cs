using AtcFhir.R4.Outcomes;
using AtcFhir.Validation.Terminology;
using AtcFhir.Validation.Terminology.Operations;
using static AtcFhir.Tests.Validation.Terminology.Operations.Terms;

namespace AtcFhir.Tests.Validation.Terminology.Operations;

public class CodeCheckTests
{
    private static Result<CodeVerdict> InSet(params ConceptCoding[] codings) => Knowing().ValidateInValueSet(AllAnimals, new CodeCheckRequest(codings));

    private static Result<CodeVerdict> InSystem(string url, string? version, string code)
        => Knowing().ValidateInCodeSystem(new DefinitionChoice(url, version), new CodeCheckRequest([new ConceptCoding(url, null, code)]));

    [Theory]
    [InlineData("dog", null, true)]
    [InlineData("dog", "Dog", true)]
    [InlineData("dog", " dOG", true)]
    [InlineData("dog", "hond", true)]
    [InlineData("dog", "Cat", false)]
    [InlineData("cat", null, false)]
    [InlineData("DOG", null, false)]
    public void CodeAndDisplayHaveToBeRight(string code, string? display, bool expected) => Assert.Equal(expected, InSet(Coding(code, display)).Value.Result);

    [Fact]
    public void AWrongDisplayIsToldWithTheRightOne()
    {
        var verdict = InSet(Coding("dog", "Cat")).Value;

        Assert.Equal("Dog", verdict.Display);
        Assert.Contains("'Cat'", verdict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OfAConceptOneCodingIsEnough() => Assert.True(InSet(new ConceptCoding("http://loinc.org", null, "1-8"), Coding("dog")).Value.Result);

    [Fact]
    public void ACodingWithoutASystemIsInNoValueSet()
    {
        var verdict = InSet(Coding("dog") with { System = null }).Value;

        Assert.False(verdict.Result);
        Assert.Contains("has no system", verdict.Message, StringComparison.Ordinal);
        Assert.True(InSet(Coding("dog") with { System = null }, Coding("dog")).Value.Result);
    }

    [Fact]
    public void AbstractConceptsAreRefusedWhereTheyMayNotBeUsed()
    {
        Assert.True(Knowing().ValidateInValueSet(AllAnimals, new CodeCheckRequest([Coding("animal")])).Value.Result);
        Assert.False(Knowing().ValidateInValueSet(AllAnimals, new CodeCheckRequest([Coding("animal")], AllowAbstract: false)).Value.Result);
    }

    [Fact]
    public void AnInactiveCodeIsValidWithAHint()
    {
        var verdict = InSet(Coding("dodo")).Value;

        Assert.True(verdict.Result);
        Assert.Contains("inactive", verdict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeToldIsNeitherTrueNorFalse()
    {
        var unclear = Knowing().ValidateInValueSet(Of("""{"include":[{"system":"http://snomed.info/sct"}]}"""), new CodeCheckRequest([new ConceptCoding("http://snomed.info/sct", null, "1")]));

        Assert.Equal((FailureKind.Unprocessable, IssueCode.NotSupported), (unclear.Failure!.Kind, unclear.Failure.Issues[0].Code));
    }

    [Theory]
    [InlineData(Animals, null, "dog", true)]
    [InlineData(Animals, "1.2", "dog", true)]
    [InlineData(Animals, null, "cat", false)]
    [InlineData("http://unitsofmeasure.org", null, "mg/L", true)]
    [InlineData("http://unitsofmeasure.org", null, "pounds", false)]
    [InlineData("urn:ietf:bcp:47", null, "nl-NL", true)]
    [InlineData("http://hl7.org/fhir/administrative-gender", null, "male", true)]
    [InlineData("http://hl7.org/fhir/administrative-gender", null, "m", false)]
    public void CodesAreCheckedAgainstTheirSystem(string url, string? version, string code, bool expected) => Assert.Equal(expected, InSystem(url, version, code).Value.Result);

    [Theory]
    [InlineData("http://snomed.info/sct-nobody", null, FailureKind.NotFound)]
    [InlineData(Animals, "9", FailureKind.NotFound)]
    [InlineData("http://snomed.info/sct", null, FailureKind.Unprocessable)]
    public void SystemsThatAreNotKnownAreAFailure(string url, string? version, FailureKind kind) => Assert.Equal(kind, InSystem(url, version, "404684003x").Failure!.Kind);

    [Fact]
    public void ACodeSystemMayComeAlong()
    {
        var given = """{"resourceType":"CodeSystem","url":"http://example.org/CodeSystem/given","status":"active","content":"complete","concept":[{"code":"a"}]}"""u8.ToArray();

        Assert.True(Knowing().ValidateInCodeSystem(new DefinitionChoice(null, null, given), new CodeCheckRequest([new ConceptCoding(null, null, "a")])).Value.Result);
        Assert.Equal(FailureKind.NotFound, InSystem("http://example.org/CodeSystem/given", null, "a").Failure!.Kind);
    }
}
